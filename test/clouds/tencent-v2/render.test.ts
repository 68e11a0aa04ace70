import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../lib/core/cloud.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { contextOf, dialect, fixture, get, provider } from '../../support/clouds/tencent-v2.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

describe('an answer in the words of Tencent Cloud API 2.0', () => {
  const credentials = {
    accessKeyId: 'I',
    secretAccessKey: new Secret('K'),
    sessionToken: new Secret('T'),
    expiration: new Date('2030-01-01T00:00:00.999Z'),
  };
  const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'authority', variables: () => [] };
  const render = (operation: 'AssumeRole' | 'GetFederationToken') =>
    dialect.render(answer, { operation } as Parameters<typeof dialect.render>[1], contextOf(get('')));

  it("has the shape of the vendor's page, with sessionToken rather than token", () => {
    const shape = (value: unknown): unknown =>
      value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]))
        : typeof value;
    const assumed = render('AssumeRole');
    expect(assumed).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(shape(JSON.parse(assumed.body))).toEqual(shape(JSON.parse(fixture('assume-role.reply.json'))));
    expect(shape(JSON.parse(render('GetFederationToken').body))).toEqual(
      shape(JSON.parse(fixture('get-federation-token.reply.json'))),
    );
  });

  it('says when AssumeRole ends in seconds and in words, GetFederationToken in seconds only', () => {
    expect(JSON.parse(render('AssumeRole').body).data).toMatchObject({
      expiredTime: 1_893_456_000,
      expiration: '2030-01-01T00:00:00Z',
    });
    expect(JSON.parse(render('GetFederationToken').body).data).not.toHaveProperty('expiration');
  });

  it('is read back by the normalizer', () => {
    for (const operation of ['AssumeRole', 'GetFederationToken'] as const) {
      expect(provider.normalize(render(operation), operation)).toEqual({
        ...credentials,
        expiration: new Date('2030-01-01T00:00:00Z'),
      });
    }
  });

  it('has no words for anything but credentials', () => {
    const identity = { accountId: '1', userId: '2', arn: 'x' };
    const asked = { operation: 'GetCallerIdentity' } as const;
    expect(expectRefusal(() => dialect.render({ kind: 'identity', identity }, asked, contextOf(get('')))).code).toBe(
      'Internal',
    );
  });

  it('is HTTP 200 in a refusal too, with a code, its name and a sentence of ours', () => {
    const said = dialect.renderError(new StsError('SignatureMismatch'), contextOf(get('')));
    expect(said).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(said.body)).toEqual({
      code: 4100,
      message: 'The signature does not match.',
      codeDesc: 'AuthFailure',
    });
  });

  it.each([
    ['UnknownKey', 4104],
    ['RequestExpired', 4500],
    ['RequestReplayed', 4500],
    ['InvalidToken', 4105],
    ['TokenExpired', 4105],
    ['AccessDenied', 4101],
    ['RoleNotFound', 5000],
    ['Throttled', 4400],
    ['InvalidDuration', 4000],
    ['UnknownOperation', 6100],
    ['CloudUnavailable', 6200],
    ['Internal', 6000],
  ] as const)('says %s as %i', (code, number) => {
    expect(JSON.parse(dialect.renderError(new StsError(code), contextOf(get(''))).body).code).toBe(number);
  });

  it('means the same again, however often a refusal is passed on', () => {
    const passedOn = (code: StsErrorCode): StsErrorCode =>
      expectRefusal(() => provider.normalize(dialect.renderError(new StsError(code), contextOf(get(''))), 'AssumeRole'))
        .code;
    for (const code of Object.keys(stsErrors) as StsErrorCode[]) {
      expect(passedOn(passedOn(code))).toBe(passedOn(code));
    }
  });
});
