import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StsError } from '../../../lib/core/errors.ts';
import type { HttpResponse } from '../../../lib/core/http.ts';
import { fixture, provider } from '../../support/clouds/tencent-v2.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const reply = (body: unknown, status = 200): HttpResponse => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('a reply of Tencent Cloud API 2.0', () => {
  const normalize = (response: HttpResponse) => provider.normalize(response, 'AssumeRole');

  it("gives the credentials of the vendor's page", () => {
    const credentials = normalize(reply(fixture('assume-role.reply.json')));
    expect(credentials).toMatchObject({
      accessKeyId: 'AKIDcAZnqgar9ByWq6m7ucIn8LNEuY2MkPCl',
      expiration: new Date('2017-09-26T13:41:09Z'),
    });
    expect(credentials.secretAccessKey.reveal()).toBe('VpxrX0IMCpHXWL0Wr3KQNCqJix1uhMqD');
    expect(credentials.sessionToken.reveal()).toBe('5e776c4216ff4d31a7c74fe194a978a3ff2a42864');
    expect(normalize(reply(fixture('get-federation-token.reply.json'))).expiration).toEqual(
      new Date(1_494_309_923_000),
    );
  });

  it("may call the token sessionToken, as the page's reply does, or token, as its table does", () => {
    const named = (name: string) => reply(fixture('assume-role.reply.json').replace('sessionToken', name));
    expect(normalize(named('token')).sessionToken.reveal()).toBe(
      normalize(named('sessionToken')).sessionToken.reveal(),
    );
  });

  it('ends at the earlier of the two instants that it names', () => {
    const apart = JSON.parse(fixture('assume-role.reply.json'));
    apart.data.expiredTime += 60;
    expect(normalize(reply(apart)).expiration).toEqual(new Date('2017-09-26T13:41:09Z'));
    apart.data.expiredTime -= 120;
    expect(normalize(reply(apart)).expiration).toEqual(new Date('2017-09-26T13:40:09Z'));
  });

  it.each(['tmpSecretId', 'tmpSecretKey', 'sessionToken'])('is unintelligible without a whole %s', (name) => {
    for (const value of ['', null, undefined, 7]) {
      const partial = JSON.parse(fixture('assume-role.reply.json'));
      partial.data.credentials[name] = value;
      expect(expectRefusal(() => normalize(reply(partial)))).toMatchObject({
        code: 'CloudUnintelligible',
        detail: { upstream: { status: 200 } },
      });
    }
  });

  it.each([
    ['no expiration', { expiredTime: undefined, expiration: undefined }],
    ['an expiration that is none', { expiredTime: 'soon', expiration: 'soon' }],
    ['an expiration of nothing', { expiredTime: 0, expiration: '' }],
    ['no credentials', { credentials: undefined }],
  ])('is unintelligible with %s', (_what, changes) => {
    const whole = JSON.parse(fixture('assume-role.reply.json'));
    expect(expectRefusal(() => normalize(reply({ ...whole, data: { ...whole.data, ...changes } }))).code).toBe(
      'CloudUnintelligible',
    );
  });

  it.each([
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['JSON cut short', '{"code":0,"data":{'],
    ['another envelope', '{"Response":{}}'],
    ['a code that is none', '{"code":null}'],
  ])('is unintelligible where it is %s', (_what, body) => {
    expect(expectRefusal(() => normalize(reply(body))).code).toBe('CloudUnintelligible');
  });

  it.each([
    [4000, 'InvalidParameter'],
    [4100, 'SignatureMismatch'],
    [4101, 'AccessDenied'],
    [4102, 'AccessDenied'],
    [4103, 'AccessDenied'],
    [4104, 'UnknownKey'],
    [4105, 'InvalidToken'],
    [4106, 'AccessDenied'],
    [4110, 'AccessDenied'],
    [4200, 'RequestExpired'],
    [4300, 'AccessDenied'],
    [4400, 'Throttled'],
    [4500, 'RequestExpired'],
    [4600, 'Misconfigured'],
    [5000, 'RoleNotFound'],
    [4003, 'InvalidParameter'],
    [4107, 'SignatureMismatch'],
    [4700, 'InvalidParameter'],
    [5100, 'InvalidParameter'],
    [5500, 'InvalidParameter'],
    [6000, 'CloudUnavailable'],
    [6001, 'CloudUnavailable'],
    [6100, 'UnsupportedOperation'],
    [6200, 'CloudUnavailable'],
    [6300, 'CloudUnavailable'],
    [28_001, 'InvalidParameter'],
    [-1, 'InvalidParameter'],
  ])('that says %i means %s, as a number and as a text', (code, meant) => {
    for (const said of [code, String(code)]) {
      const error = expectRefusal(() =>
        normalize(reply({ code: said, message: '(100004) secret prose', codeDesc: 'X' })),
      );
      expect(error).toMatchObject({ code: meant, detail: { upstream: { status: 200, code: String(code) } } });
      expect(JSON.stringify(error.detail) + error.message).not.toContain('prose');
    }
  });

  it.each([
    [429, 'Throttled'],
    [500, 'CloudUnavailable'],
    [502, 'CloudUnavailable'],
    [403, 'CloudRefused'],
    [302, 'CloudRefused'],
  ])('of status %i means %s', (status, code) => {
    expect(expectRefusal(() => normalize(reply('<html>', status)))).toMatchObject({
      code,
      detail: { upstream: { status } },
    });
    expect(expectRefusal(() => normalize(reply(fixture('assume-role.reply.json'), status))).code).toBe(code);
  });

  it('is read without a crash, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.integer({ min: 100, max: 599 }), (body, status) => {
        expect(expectRefusal(() => normalize(reply(body, status)))).toBeInstanceOf(StsError);
      }),
    );
  });
});
