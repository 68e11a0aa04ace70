import { describe, expect, it } from 'vitest';
import type { Answer, LoginExchange } from '../../../lib/core/cloud.ts';
import { StsError, stsErrors } from '../../../lib/core/errors.ts';
import type { MintOperation } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { at, bare, context, dialect, federated, parse, post, provider, wanted } from '../../support/clouds/ecs.ts';

describe('an answer in ECS’s dialect', () => {
  const credentials = {
    accessKeyId: 'ASIA1',
    secretAccessKey: new Secret('secret'),
    sessionToken: new Secret('token'),
    expiration: new Date('2026-11-22T02:34:16.789Z'),
    subject: { arn: 'urn:ecs:sts::ns1:assumed-role/demo/a&b', id: 'AROA1:a&b' },
    packedPolicySize: 137,
  };
  const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'ecs', variables: () => [] };
  const assume = parse(post(wanted)).request;
  const federate = parse(post(federated)).request;
  const json = { ...bare, headers: { accept: 'application/json' } };

  it('is JSON where that is asked for, without root and prefix', () => {
    const reply = dialect.render(answer, assume, context(json));
    expect(reply.headers['content-type']).toBe('application/json');
    expect(JSON.parse(reply.body)).toEqual({
      ResponseMetadata: { RequestId: 'a:b:c:d' },
      AssumeRoleResult: {
        AssumedRoleUser: { Arn: 'urn:ecs:sts::ns1:assumed-role/demo/a&b', AssumedRoleId: 'AROA1:a&b' },
        Credentials: {
          AccessKeyId: 'ASIA1',
          Expiration: '2026-11-22T02:34:16Z',
          SecretAccessKey: 'secret',
          SessionToken: 'token',
        },
        PackedPolicySize: 137,
      },
    });
  });

  it.each(['*/*', 'application/json', 'application/xml'])(
    'is what our own provider reads, with Accept: %s',
    (accept) => {
      for (const request of [assume, federate]) {
        const reply = dialect.render(answer, request, context({ ...bare, headers: { accept } }));
        const read = provider.normalize(reply, request.operation as MintOperation);
        expect(read).toMatchObject({
          accessKeyId: 'ASIA1',
          subject: credentials.subject,
          packedPolicySize: 137,
          expiration: new Date('2026-11-22T02:34:16Z'),
          upstreamRequestId: 'a:b:c:d',
        });
        expect([read.secretAccessKey.reveal(), read.sessionToken.reveal()]).toEqual(['secret', 'token']);
      }
    },
  );

  it('writes a federated user’s expiration with an offset, as the page of that operation does', () => {
    expect(dialect.render(answer, federate, context(bare)).body).toContain(
      '<FederatedUser><Arn>urn:ecs:sts::ns1:assumed-role/demo/a&#38;b</Arn><FederatedUserId>',
    );
    expect(dialect.render(answer, federate, context(bare)).body).toContain('2026-11-22T02:34:16+00:00');
  });

  it('refuses in STS’s words where STS was asked', () => {
    const error = new StsError('InvalidDuration', 'Too long & more.', { parameter: 'DurationSeconds' });
    expect(dialect.renderError(error, context({ ...bare, headers: {} }))).toEqual({
      status: 400,
      headers: { 'content-type': 'application/xml', 'x-amzn-requestid': 'a:b:c:d' },
      body:
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
        '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Too long &#38; more.</Message></Error><RequestId>a:b:c:d</RequestId></ErrorResponse>',
    });
    expect(JSON.parse(dialect.renderError(error, context(json)).body)).toEqual({
      Error: { Type: 'Sender', Code: 'ValidationError', Message: 'Too long & more.' },
      RequestId: 'a:b:c:d',
    });
  });

  it.each(['/login', '/logout', '/user/whoami', '/mgmt/login'])(
    'refuses in the management side’s words at %s',
    (path) => {
      const reply = dialect.renderError(new StsError('UnknownKey'), context(at(path, { accept: 'application/json' })));
      expect(reply).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': expect.stringMatching(/^Basic realm=/) },
      });
      expect(JSON.parse(reply.body)).toEqual({
        code: 4000,
        description: stsErrors.UnknownKey.title,
        details: stsErrors.UnknownKey.title,
        retryable: false,
      });
      expect(dialect.renderError(new StsError('UnknownKey'), context(at(path))).body).toContain(
        '<error><code>4000</code>',
      );
    },
  );

  it('refuses a token that counts no more by 401, at which clients log in again', () => {
    const login = provider.login as LoginExchange;
    for (const code of ['InvalidToken', 'TokenExpired', 'UnknownKey'] as const) {
      expect(login.stale(dialect.renderError(new StsError(code), context(bare)))).toBe(true);
    }
    expect(login.stale(dialect.renderError(new StsError('AccessDenied'), context(bare)))).toBe(false);
    expect(login.stale(dialect.renderError(new StsError('TokenExpired'), context({ ...bare, headers: {} })))).toBe(
      false,
    );
  });
});
