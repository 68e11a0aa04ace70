import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../lib/core/cloud.ts';
import { StsError } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import {
  asked,
  assume,
  bare,
  context,
  dialect,
  federate,
  naming,
  provider,
  session,
  webIdentity,
} from '../../support/clouds/aws.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('an answer in AWS’s dialect', () => {
  const credentials = {
    accessKeyId: 'ASIA1',
    secretAccessKey: new Secret('se/cr+et'),
    sessionToken: new Secret('to<k>en'),
    expiration: new Date('2026-11-22T02:34:16.789Z'),
    subject: { arn: 'arn:aws:sts::123456789012:assumed-role/demo/sess-1', id: 'AROA1:sess-1' },
    packedPolicySize: 6,
    sourceIdentity: 'Alice',
    webIdentity: { subject: 'sub', audience: 'aud', provider: 'www.amazon.com' },
  };
  const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'aws', variables: () => [] };

  it.each(['AssumeRole', 'AssumeRoleWithWebIdentity', 'GetFederationToken', 'GetSessionToken'] as const)(
    'to %s is what our own provider reads',
    (operation) => {
      const params = {
        AssumeRole: assume,
        AssumeRoleWithWebIdentity: webIdentity,
        GetFederationToken: federate,
        GetSessionToken: session,
      };
      const reply = dialect.render(answer, asked(params[operation]), context());
      expect(reply).toMatchObject({
        status: 200,
        headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'request-1' },
      });
      expect(reply.body).toMatch(
        `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>`,
      );
      const read = provider.normalize(reply, operation);
      expect(read).toMatchObject({
        accessKeyId: 'ASIA1',
        expiration: new Date('2026-11-22T02:34:16Z'),
        upstreamRequestId: 'request-1',
      });
      expect([read.secretAccessKey.reveal(), read.sessionToken.reveal()]).toEqual(['se/cr+et', 'to<k>en']);
      expect(read.subject).toEqual(operation === 'GetSessionToken' ? undefined : credentials.subject);
    },
  );

  it('says of a federated user and an assumed role what each is called', () => {
    expect(dialect.render(answer, asked(federate), context()).body).toContain(
      '<FederatedUser><FederatedUserId>AROA1:sess-1</FederatedUserId><Arn>',
    );
    expect(dialect.render(answer, asked(assume), context()).body).toContain(
      '<AssumedRoleUser><AssumedRoleId>AROA1:sess-1</AssumedRoleId><Arn>',
    );
  });

  it('leaves out what the cloud did not tell', () => {
    const { subject: _, packedPolicySize: __, sourceIdentity: ___, webIdentity: ____, ...least } = credentials;
    const reply = dialect.render({ ...answer, credentials: least }, asked(assume), context());
    expect(reply.body).not.toMatch(/AssumedRoleUser|PackedPolicySize|SourceIdentity|Audience|undefined/);
  });

  it('says who the caller is', () => {
    const identity = naming.user('123456789012', 'ci', 'AIDA1');
    const reply = dialect.render({ kind: 'identity', identity }, { operation: 'GetCallerIdentity' }, context());
    const asking = context({ ...bare, headers: { accept: 'application/json' } });
    const inJson = dialect.render({ kind: 'identity', identity }, { operation: 'GetCallerIdentity' }, asking);
    // As the server of aws-iam-authenticator reads it.
    expect(inJson.headers['content-type']).toBe('application/json');
    expect(JSON.parse(inJson.body)).toEqual({
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: { Account: '123456789012', Arn: identity.arn, UserId: 'AIDA1' },
        ResponseMetadata: { RequestId: 'request-1' },
      },
    });
    expect(provider.identity?.normalize(reply)).toEqual({
      accountId: '123456789012',
      userId: 'AIDA1',
      arn: 'arn:aws:iam::123456789012:user/ci',
    });
  });

  it('is none to what AWS cannot be asked', () => {
    const login = { kind: 'login', token: new Secret('x'), user: 'u' } as const;
    expect(refusalCode(() => dialect.render(login, { operation: 'Login' }, context()))).toBe('Internal');
  });

  it('refuses with the whole document, without which the SDKs lose the code', () => {
    expect(dialect.renderError(new StsError('AccessDenied', 'Not <you>.'), context())).toEqual({
      status: 403,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'request-1' },
      body: '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not &#60;you&#62;.</Message></Error><RequestId>request-1</RequestId></ErrorResponse>',
    });
    expect(dialect.renderError(new StsError('CloudUnavailable'), context()).body).toContain('<Type>Receiver</Type>');
  });

  it('tells a clock that is wrong in the words that clients look for', () => {
    const { body } = dialect.renderError(new StsError('RequestExpired'), context());
    expect(body).toContain(
      '<Code>SignatureDoesNotMatch</Code><Message>Signature expired: the time here is 2026-11-22T01:34:16Z',
    );
  });
});
