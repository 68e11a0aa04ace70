import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stsErrors } from '../../../lib/core/errors.ts';
import type { HttpResponse } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { fixture, provider, type Texts } from '../../support/clouds/ucloud.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('a reply of UCloud', () => {
  const reply = (body: string, status = 200, headers: Texts = {}): HttpResponse => ({ status, headers, body });
  const read = (body: string, status?: number) => provider.normalize(reply(body, status), 'AssumeRole');
  const whole = JSON.parse(fixture('assume-role.whole.reply.json'));
  const withCredentials = (change: object) =>
    JSON.stringify({ ...whole, Credentials: { ...whole.Credentials, ...change } });

  it('is whole credentials', () => {
    const read = provider.normalize(
      reply(fixture('assume-role.whole.reply.json'), 200, { 'x-ucloud-request-uuid': 'uuid' }),
      'AssumeRole',
    );
    expect(read).toEqual({
      accessKeyId: 'STS.fakeaccesskeyid0000001',
      secretAccessKey: expect.any(Secret),
      sessionToken: expect.any(Secret),
      expiration: new Date('2026-11-22T02:34:16Z'),
      upstreamRequestId: 'uuid',
    });
    expect(read.secretAccessKey.reveal()).toBe('fakeAccessKeySecretForTestsOnly01');
    expect(read.sessionToken.reveal()).toBe('FAKE-SECURITY-TOKEN/for+tests==');
  });

  it('is no success for saying so, as the example of its page does with empty Credentials', () => {
    expect(refusalCode(() => read(fixture('assume-role.reply.json')))).toBe('CloudUnintelligible');
  });

  it.each([
    ['RFC 3339', '2026-11-22T02:34:16Z'],
    ['RFC 3339 with an offset', '2026-11-22T10:34:16+08:00'],
    ['no zone, which is UTC', '2026-11-22T02:34:16'],
    ['a space for the T', '2026-11-22 02:34:16'],
    ['unix seconds', 1795314856],
    ['unix seconds as text', '1795314856'],
  ])('may give its expiration as %s', (_, Expiration) => {
    expect(read(withCredentials({ Expiration })).expiration).toEqual(new Date('2026-11-22T02:34:16Z'));
  });

  it.each([
    ['SecurityToken', undefined],
    ['SecurityToken', ''],
    ['AccessKeyId', ''],
    ['AccessKeyId', 5],
    ['AccessKeySecret', null],
    ['Expiration', undefined],
    ['Expiration', 'soon'],
    ['Expiration', 1795314856000],
    ['Expiration', {}],
  ])('is not whole with %s %j', (name, value) => {
    expect(refusalCode(() => read(withCredentials({ [name]: value })))).toBe('CloudUnintelligible');
  });

  it.each([
    ['RetCode as text', JSON.stringify({ ...whole, RetCode: '0' }), 'none'],
    ['no RetCode', JSON.stringify({ ...whole, RetCode: undefined }), 'CloudUnintelligible'],
    ['a RetCode of no kind', JSON.stringify({ ...whole, RetCode: 'zero' }), 'CloudUnintelligible'],
    ['nothing in it', '', 'CloudUnintelligible'],
    ['no object in it', '[]', 'CloudUnintelligible'],
  ])('has %s', (_, body, code) => {
    expect(refusalCode(() => read(body))).toBe(code);
  });

  it.each([
    [fixture('refused.reply.json'), 200, 'SignatureMismatch'],
    [fixture('refused.text-code.reply.json'), 200, 'UnknownKey'],
    ['{"RetCode":299}', 200, 'AccessDenied'],
    ['{"RetCode":153}', 200, 'Throttled'],
    ['{"RetCode":292}', 200, 'Misconfigured'],
    ['{"RetCode":2001}', 200, 'CloudUnavailable'],
    ['{"RetCode":65535}', 200, 'CloudUnavailable'],
    ['{"RetCode":999}', 200, 'InvalidParameter'],
    ['{"RetCode":-1}', 200, 'InvalidParameter'],
    ['<html>Bad Gateway</html>', 502, 'CloudUnavailable'],
    ['', 503, 'CloudUnavailable'],
    ['', 429, 'Throttled'],
    ['', 403, 'CloudRefused'],
    ['', 302, 'CloudRefused'],
    ['{"RetCode":0}', 500, 'CloudUnintelligible'],
  ] as const)('that is %j with status %i means %s', (body, status, code) => {
    expect(refusalCode(() => read(body, status))).toBe(code);
  });

  it('is refused with its code and the id of the request, and without its prose', () => {
    const refused = reply(fixture('refused.reply.json'), 200, { 'x-ucloud-request-uuid': 'uuid' });
    expect(() => provider.normalize(refused, 'AssumeRole')).toThrow(
      expect.objectContaining({
        message: stsErrors.SignatureMismatch.title,
        detail: { upstream: { status: 200, code: '171', requestId: 'uuid' } },
      }),
    );
  });

  it('never makes the normalizer fail in another way', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom(200, 302, 403, 429, 500), (body, status) => {
        expect(refusalCode(() => read(body, status))).not.toBe('none');
      }),
    );
  });
});
