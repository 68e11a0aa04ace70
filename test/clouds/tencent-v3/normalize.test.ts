import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StsError } from '../../../lib/core/errors.ts';
import type { HttpResponse } from '../../../lib/core/http.ts';
import { fixture, provider } from '../../support/clouds/tencent-v3.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const reply = (body: unknown, status = 200): HttpResponse => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('a reply of Tencent Cloud API 3.0', () => {
  const normalize = (response: HttpResponse) => provider.normalize(response, 'GetFederationToken');
  const page = () => JSON.parse(fixture('get-federation-token.reply.json'));
  const changed = (changes: object) => reply({ Response: { ...page().Response, ...changes } });

  it("gives the credentials of the vendor's page", () => {
    const credentials = normalize(reply(page()));
    expect(credentials).toMatchObject({
      accessKeyId: 'AKID***',
      expiration: new Date('2023-06-14T05:06:57Z'),
      upstreamRequestId: '59a5e07e-4147-4d2e-a808-dca76ac5b3fd',
    });
    expect(credentials.secretAccessKey.reveal()).toBe('Eo28***');
    expect(credentials.sessionToken.reveal()).toBe('kTRt***');
  });

  it('may leave Expiration null, as the page warns: ExpiredTime says it then', () => {
    expect(normalize(changed({ Expiration: null })).expiration).toEqual(new Date(1_686_719_217_000));
    expect(normalize(changed({ ExpiredTime: null })).expiration).toEqual(new Date('2023-06-14T05:06:57Z'));
    expect(expectRefusal(() => normalize(changed({ Expiration: null, ExpiredTime: undefined })))).toMatchObject({
      code: 'CloudUnintelligible',
      detail: { upstream: { status: 200, requestId: '59a5e07e-4147-4d2e-a808-dca76ac5b3fd' } },
    });
  });

  it('ends at the earlier of the two instants that it names', () => {
    expect(normalize(changed({ ExpiredTime: 1_686_719_000 })).expiration).toEqual(new Date(1_686_719_000_000));
    expect(normalize(changed({ ExpiredTime: 1_686_720_000 })).expiration).toEqual(new Date('2023-06-14T05:06:57Z'));
  });

  it.each(['TmpSecretId', 'TmpSecretKey', 'Token'])('is unintelligible without a whole %s', (name) => {
    for (const value of ['', null, undefined, 7]) {
      const partial = changed({ Credentials: { ...page().Response.Credentials, [name]: value } });
      expect(expectRefusal(() => normalize(partial)).code).toBe('CloudUnintelligible');
    }
  });

  it.each([
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['JSON cut short', '{"Response":{"Credentials":{'],
    ['an empty Response', '{"Response":{}}'],
    ['no Response', '{}'],
    ['a Response that is text', '{"Response":"x"}'],
    ['a success of 2.0', '{"code":0,"message":"","data":{}}'],
  ])('is unintelligible where it is %s', (_what, body) => {
    expect(expectRefusal(() => normalize(reply(body)))).toMatchObject({ code: 'CloudUnintelligible' });
  });

  it.each([
    ['AuthFailure.SignatureFailure', 'SignatureMismatch'],
    ['AuthFailure.SignatureExpire', 'RequestExpired'],
    ['AuthFailure.SecretIdNotFound', 'UnknownKey'],
    ['AuthFailure.InvalidSecretId', 'UnknownKey'],
    ['AuthFailure.TokenFailure', 'InvalidToken'],
    ['AuthFailure.UnauthorizedOperation', 'AccessDenied'],
    ['AuthFailure.SomethingNew', 'MalformedAuthorization'],
    ['AuthFailure', 'MalformedAuthorization'],
    ['UnauthorizedOperation', 'AccessDenied'],
    ['UnauthorizedOperation.CamNoAuth', 'AccessDenied'],
    ['ResourceNotFound.RoleNotFound', 'RoleNotFound'],
    ['InvalidParameter.AccountNotAvaliable', 'AccountRefused'],
    ['InvalidParameter.ExtendStrategyOverSize', 'PolicyTooLarge'],
    ['InvalidParameter.GrantOtherResource', 'AccessDenied'],
    ['InvalidParameter.OverTimeError', 'InvalidDuration'],
    ['InvalidParameter.ParamError', 'InvalidParameter'],
    ['InvalidParameter.PolicyTooLong', 'PolicyTooLarge'],
    ['InvalidParameter.ResouceError', 'InvalidPolicyResource'],
    ['InvalidParameter.StrategyFormatError', 'MalformedPolicy'],
    ['InvalidParameter.StrategyInvalid', 'InvalidPolicy'],
    ['InvalidParameter.TempCodeNotAvaliable', 'InvalidParameter'],
    ['InvalidParameter.WebIdentityTokenError', 'InvalidIdentityToken'],
    ['InternalError.DbError', 'CloudUnavailable'],
    ['InternalError.EncryptError', 'CloudUnavailable'],
    ['InternalError.GetAppIdError', 'CloudUnavailable'],
    ['InternalError.GetSeedTokenError', 'CloudUnavailable'],
    ['InternalError.SystemError', 'CloudUnavailable'],
    ['InternalError.IllegalRole', 'InvalidParameter'],
    ['InternalError.Unheard', 'CloudUnavailable'],
    ['RequestLimitExceeded', 'Throttled'],
    ['RequestLimitExceeded.UinLimitExceeded', 'Throttled'],
    ['UnsupportedOperation', 'UnsupportedOperation'],
    ['InvalidAction', 'UnsupportedOperation'],
    ['FailedOperation.CheckMFAError', 'AccessDenied'],
    ['FailedOperation', 'InvalidParameter'],
    ['FailedOperation.Unheard', 'InvalidParameter'],
    ['InvalidParameter.Unheard', 'InvalidParameter'],
    ['InvalidParameterValue.Unheard', 'InvalidParameter'],
    ['LimitExceeded.Unheard', 'InvalidParameter'],
    ['ResourceInUse.Unheard', 'InvalidParameter'],
    ['ResourceNotFound.Unheard', 'RoleNotFound'],
    ['ResourceUnavailable.Unheard', 'CloudUnavailable'],
    ['UnauthorizedOperation.Un.Heard', 'AccessDenied'],
    ['Unheard.Of', 'InvalidParameter'],
    ['constructor', 'InvalidParameter'],
    ['', 'CloudRefused'],
    [undefined, 'CloudRefused'],
  ])('that says %s means %s', (Code, meant) => {
    const error = expectRefusal(() =>
      normalize(reply({ Response: { Error: { Code, Message: 'secret prose' }, RequestId: 'r' } })),
    );
    expect(error.code).toBe(meant);
    expect(error.detail.upstream).toEqual({ status: 200, requestId: 'r', ...(Code ? { code: Code } : {}) });
    expect(JSON.stringify(error.detail) + error.message).not.toContain('prose');
  });

  it('may come in the envelope of 2.0, from a gateway before the service', () => {
    expect(expectRefusal(() => normalize(reply({ code: 4104, message: 'x', codeDesc: 'y' })))).toMatchObject({
      code: 'UnknownKey',
      detail: { upstream: { status: 200, code: '4104' } },
    });
    expect(expectRefusal(() => normalize(reply({ code: '4400', message: 'x' }))).code).toBe('Throttled');
  });

  it('keeps no more than a bounded piece of a code', () => {
    const error = expectRefusal(() =>
      normalize(reply({ Response: { Error: { Code: 'x'.repeat(1000) }, RequestId: 'r'.repeat(1000) } })),
    );
    expect(error.detail.upstream?.code).toHaveLength(128);
    expect(error.detail.upstream?.requestId).toHaveLength(128);
  });

  it.each([
    [429, 'Throttled'],
    [500, 'CloudUnavailable'],
    [503, 'CloudUnavailable'],
    [403, 'CloudRefused'],
    [302, 'CloudRefused'],
  ])('of status %i means %s, unless it says otherwise', (status, code) => {
    expect(expectRefusal(() => normalize(reply('<html>', status)))).toMatchObject({
      code,
      detail: { upstream: { status } },
    });
    expect(expectRefusal(() => normalize(reply(page(), status))).code).toBe(code);
    const body = { Response: { Error: { Code: 'AuthFailure.TokenFailure' } } };
    expect(expectRefusal(() => normalize(reply(body, status))).code).toBe('InvalidToken');
  });

  it('says who the account is, or is unintelligible', () => {
    const whole = {
      Arn: 'qcs::cam:1:uin/2',
      AccountId: '1',
      UserId: '2',
      PrincipalId: '2',
      Type: 'CAMUser',
      RequestId: 'r',
    };
    const identity = (changes: object) => provider.identity?.normalize(reply({ Response: { ...whole, ...changes } }));
    expect(identity({})).toEqual({
      arn: 'qcs::cam:1:uin/2',
      accountId: '1',
      userId: '2',
      principalId: '2',
      type: 'user',
    });
    expect(identity({ Type: 'Later', PrincipalId: null })).toEqual({
      arn: 'qcs::cam:1:uin/2',
      accountId: '1',
      userId: '2',
    });
    for (const name of ['Arn', 'AccountId', 'UserId']) {
      expect(expectRefusal(() => identity({ [name]: '' })).code).toBe('CloudUnintelligible');
    }
  });

  it('is read without a crash, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.integer({ min: 100, max: 599 }), (body, status) => {
        expect(expectRefusal(() => normalize(reply(body, status)))).toBeInstanceOf(StsError);
      }),
    );
  });
});
