import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../lib/core/cloud.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import {
  assume,
  contextOf,
  dialect,
  fixture,
  form,
  get,
  hmac,
  parse,
  post,
  provider,
  tc3,
} from '../../support/clouds/tencent-v3.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

describe('an answer in the words of Tencent Cloud API 3.0', () => {
  const credentials = {
    accessKeyId: 'I',
    secretAccessKey: new Secret('K'),
    sessionToken: new Secret('T'),
    expiration: new Date('2030-01-01T00:00:00.999Z'),
  };
  const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'authority', variables: () => [] };
  const context = contextOf(get(''));
  const rendered = dialect.render(answer, { operation: 'GetFederationToken', name: 'x' }, context);
  const refused = (error: StsError) => JSON.parse(dialect.renderError(error, context).body).Response;

  it("has the shape of the vendor's page", () => {
    expect(rendered).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(rendered.body)).toEqual({
      Response: {
        Credentials: { Token: 'T', TmpSecretId: 'I', TmpSecretKey: 'K' },
        ExpiredTime: 1_893_456_000,
        Expiration: '2030-01-01T00:00:00Z',
        RequestId: 'a-request',
      },
    });
    const names = (value: object) => Object.keys(value).sort();
    const page = JSON.parse(fixture('get-federation-token.reply.json')).Response;
    expect(names(JSON.parse(rendered.body).Response)).toEqual(names(page));
  });

  it('is read back by the normalizer', () => {
    expect(provider.normalize(rendered, 'GetFederationToken')).toEqual({
      ...credentials,
      expiration: new Date('2030-01-01T00:00:00Z'),
      upstreamRequestId: 'a-request',
    });
  });

  it.each([
    ['role', 'CAMRole'],
    ['user', 'CAMUser'],
    ['federated', 'CAMUser'],
  ] as const)('says who a %s is', (type, Type) => {
    const identity = { accountId: '100', userId: '200', arn: 'qcs::cam:100:uin/200', principalId: '200', type };
    const response = dialect.render({ kind: 'identity', identity }, { operation: 'GetCallerIdentity' }, context);
    expect(JSON.parse(response.body)).toEqual({
      Response: {
        Arn: 'qcs::cam:100:uin/200',
        AccountId: '100',
        UserId: '200',
        PrincipalId: '200',
        Type,
        RequestId: 'a-request',
      },
    });
    expect(provider.identity?.normalize(response)).toEqual({ ...identity, type: type === 'role' ? 'role' : 'user' });
  });

  it('is HTTP 200 in a refusal too: of another status, the Node SDK would lose the code', () => {
    const response = dialect.renderError(new StsError('SignatureMismatch'), context);
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(response.body)).toEqual({
      Response: {
        Error: {
          Code: 'AuthFailure.SignatureFailure',
          Message: 'The provided credentials could not be validated. Please check your signature is correct.',
        },
        RequestId: 'a-request',
      },
    });
  });

  it.each<[what: string, error: StsError, Code: string, Message: string]>([
    [
      'an unknown key',
      new StsError('UnknownKey'),
      'AuthFailure.SecretIdNotFound',
      'The SecretId is not found, please ensure that your SecretId is correct.',
    ],
    [
      'a missing parameter',
      expectRefusal(() => parse(tc3('AssumeRole', { RoleArn: 'x' }))),
      'MissingParameter',
      'The request is missing a required parameter `RoleSessionName`.',
    ],
    [
      'an unknown action',
      expectRefusal(() => parse(tc3('AssumeRoll', {}))),
      'InvalidAction',
      'The request `Action` is invalid or not found.',
    ],
    [
      'no action',
      expectRefusal(() => parse(tc3('', {}))),
      'MissingParameter',
      'The request is missing a required parameter `Action`.',
    ],
    [
      'an unknown parameter',
      expectRefusal(() => parse(tc3('AssumeRole', { Rolf: 1 }))),
      'UnknownParameter',
      'The parameter `Rolf` is not recognized.',
    ],
    [
      'a nonce that is none',
      expectRefusal(() => parse(post(hmac('AssumeRole', assume).body.replace('Nonce=7', 'Nonce=x'), form))),
      'InvalidParameter',
      'Parameter `Nonce` type error.',
    ],
  ])('says %s in the known words', (_what, error, Code, Message) => {
    expect(refused(error).Error).toEqual({ Code, Message });
  });

  it('keeps a sentence of ours that says more, and those of parameters without a name', () => {
    expect(refused(new StsError('RoleNotFound', 'The role does not exist.')).Error.Message).toBe(
      'The role does not exist.',
    );
    expect(refused(new StsError('MissingParameter', 'A policy is required.')).Error.Message).toBe(
      'A policy is required.',
    );
    expect(refused(new StsError('UnknownParameter')).Error.Message).toBe('A parameter is not known.');
    expect(refused(new StsError('UnsupportedOperation', 'Not here.')).Error).toEqual({
      Code: 'UnsupportedOperation',
      Message: 'Not here.',
    });
  });

  it.each([
    ['Unauthenticated', 'AuthFailure.InvalidAuthorization'],
    ['MalformedAuthorization', 'AuthFailure.InvalidAuthorization'],
    ['RequestExpired', 'AuthFailure.SignatureExpire'],
    ['RequestReplayed', 'AuthFailure.SignatureExpire'],
    ['InvalidToken', 'AuthFailure.TokenFailure'],
    ['TokenExpired', 'AuthFailure.TokenFailure'],
    ['InvalidIdentityToken', 'InvalidParameter.WebIdentityTokenError'],
    ['AccessDenied', 'UnauthorizedOperation'],
    ['RoleNotFound', 'ResourceNotFound.RoleNotFound'],
    ['InvalidDuration', 'InvalidParameter.OverTimeError'],
    ['MalformedPolicy', 'InvalidParameter.StrategyFormatError'],
    ['InvalidPolicy', 'InvalidParameter.StrategyInvalid'],
    ['InvalidPolicyResource', 'InvalidParameter.ResouceError'],
    ['PolicyTooLarge', 'InvalidParameter.PolicyTooLong'],
    ['Throttled', 'RequestLimitExceeded'],
    ['UnsupportedVersion', 'NoSuchVersion'],
    ['MethodNotAllowed', 'UnsupportedProtocol'],
    ['RequestTooLarge', 'RequestSizeLimitExceeded'],
    ['CloudUnavailable', 'ServiceUnavailable'],
    ['Internal', 'InternalError'],
  ] as const)('says %s as %s', (code, Code) => {
    expect(refused(new StsError(code)).Error.Code).toBe(Code);
  });

  it('means the same again, however often a refusal is passed on', () => {
    const passedOn = (code: StsErrorCode): StsErrorCode =>
      expectRefusal(() => provider.normalize(dialect.renderError(new StsError(code), context), 'AssumeRole')).code;
    for (const code of Object.keys(stsErrors) as StsErrorCode[]) {
      expect(passedOn(passedOn(code))).toBe(passedOn(code));
    }
  });
});
