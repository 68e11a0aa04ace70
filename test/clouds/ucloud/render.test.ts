import { describe, expect, it } from 'vitest';
import { StsError, type StsErrorCode, stsErrors } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign } from '../../../lib/signers/ucloud-sha1.ts';
import { bare, context, dialect, form, key, parse, provider, type Texts, wanted } from '../../support/clouds/ucloud.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('an answer in UCloud’s dialect', () => {
  const credentials = {
    accessKeyId: 'STS.fake',
    secretAccessKey: new Secret('secret'),
    sessionToken: new Secret('token'),
    expiration: new Date('2026-11-22T02:34:16.789Z'),
  };
  const answer = { kind: 'credentials', credentials, account: 'a', cloud: 'ucloud', variables: () => [] } as const;
  const request = parse(form(sign(wanted, key) as Texts)).request;

  it('has the members that its page lists', () => {
    expect(dialect.render(answer, request, context(bare))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-ucloud-request-uuid': 'request-1' },
      body: '{"RetCode":0,"Action":"AssumeRoleResponse","Credentials":{"SecurityToken":"token","AccessKeyId":"STS.fake","AccessKeySecret":"secret","Expiration":"2026-11-22T02:34:16Z"}}',
    });
  });

  it('is what our own provider reads', () => {
    const read = provider.normalize(dialect.render(answer, request, context(bare)), 'AssumeRole');
    expect(read).toMatchObject({ accessKeyId: 'STS.fake', upstreamRequestId: 'request-1' });
    expect([read.secretAccessKey.reveal(), read.sessionToken.reveal()]).toEqual(['secret', 'token']);
    expect(read.expiration).toEqual(new Date('2026-11-22T02:34:16Z'));
  });

  it('is no answer to what UCloud cannot be asked', () => {
    const identity = { kind: 'identity', identity: { accountId: '1', userId: '2', arn: '3' } } as const;
    expect(refusalCode(() => dialect.render(identity, { operation: 'GetCallerIdentity' }, context(bare)))).toBe(
      'Internal',
    );
  });

  const message = (code: StsErrorCode, parameter?: string, request = form({ ...wanted, PublicKey: 'a' })) =>
    JSON.parse(
      dialect.renderError(new StsError(code, undefined, parameter === undefined ? {} : { parameter }), context(request))
        .body,
    ).Message;

  it('speaks of refusals as UCloud does', () => {
    expect(message('SignatureMismatch')).toBe('Signature VerifyAC Error');
    expect(message('UnknownKey')).toBe('User Not Exists');
    expect(message('TokenExpired')).toBe('Token Not Exists');
    expect(message('MissingParameter', 'RoleUrn')).toBe('Missing params [RoleUrn]');
    expect(message('InvalidParameter', 'RoleUrn')).toMatch(/^Params \[RoleUrn\] not available: /);
    expect(message('UnknownOperation', 'Action', form({ Action: 'MakeCoffee', PublicKey: 'a' }))).toBe(
      'Action [MakeCoffee] not found',
    );
    expect(message('AccessDenied')).toBe(stsErrors.AccessDenied.title);
  });

  it('says back no Action that is no name', () => {
    const request = form({ Action: '<script>', PublicKey: 'a' });
    const reply = dialect.renderError(new StsError('UnknownOperation'), context(request));
    expect(JSON.parse(reply.body)).toEqual({ RetCode: 161, Message: stsErrors.UnknownOperation.title });
  });
});
