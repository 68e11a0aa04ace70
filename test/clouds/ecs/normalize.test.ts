import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stsErrors } from '../../../lib/core/errors.ts';
import type { HttpResponse } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { fixture, provider, type Texts } from '../../support/clouds/ecs.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('a reply of ECS', () => {
  const reply = (body: string, status = 200, headers: Texts = {}): HttpResponse => ({ status, headers, body });
  const read = (body: string, status?: number, headers?: Texts) =>
    provider.normalize(reply(body, status, headers), 'AssumeRole');

  it('may be wrapped in Result, as the table of its page has it', () => {
    expect(read(fixture('assume-role.result.reply.xml'))).toMatchObject({
      accessKeyId: 'ASIAFAKE000000000001',
      packedPolicySize: 1371,
      upstreamRequestId: '0a00078d:196f956a4f3:42b38:0-none',
    });
  });

  it('may be JSON, with a result around it or without', () => {
    const credentials = {
      accessKeyId: 'ASIAFAKE000000000001',
      secretAccessKey: expect.any(Secret),
      sessionToken: expect.any(Secret),
      expiration: new Date('2026-11-22T02:34:16Z'),
      packedPolicySize: 11,
    };
    expect(read(`\n ${fixture('assume-role.reply.json')}`)).toEqual({
      ...credentials,
      subject: { arn: 'urn:ecs:sts::ns1:assumed-role/demo/sess-1', id: 'AROAFAKE000000000001:sess-1' },
      upstreamRequestId: '0af9f5b8:17178fe9282:e6a4:b',
    });
    expect(read(fixture('get-federation-token.reply.json'))).toEqual({
      ...credentials,
      subject: { arn: 'urn:ecs:sts::ns1:federated-user/Bob', id: 'ns1:Bob' },
    });
  });

  const whole = fixture('assume-role.reply.xml');
  it.each(['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'])('is not whole without %s', (name) => {
    const element = new RegExp(`<${name}>[^<]*</${name}>`);
    expect(refusalCode(() => read(whole.replace(element, '')))).toBe('CloudUnintelligible');
    expect(refusalCode(() => read(whole.replace(element, `<${name}/>`)))).toBe('CloudUnintelligible');
  });

  it.each(['', '   ', 'OK', '{}', '[]', '<html><body>Login</body></html>', '{"Credentials":{}}', whole.slice(0, 400)])(
    'is not whole as %.30j',
    (body) => {
      expect(refusalCode(() => read(body))).toBe('CloudUnintelligible');
    },
  );

  it.each([
    [fixture('refused.reply.json'), 400, 'InvalidParameter'],
    [fixture('refused.reply.xml'), 403, 'AccessDenied'],
    [fixture('management-refused.reply.xml'), 401, 'InvalidToken'],
    ['{"code":4000,"description":"x","details":"y","retryable":false}', 401, 'InvalidToken'],
    ['{"code":3000}', 403, 'AccessDenied'],
    ['{"code":6503}', 503, 'CloudUnavailable'],
    ['<ErrorResponse><Error><Code>ThrottlingException</Code></Error></ErrorResponse>', 400, 'Throttled'],
    ['<ErrorResponse><Error><Code>Mystery</Code></Error></ErrorResponse>', 400, 'InvalidParameter'],
    ['<ErrorResponse><Error><Code>constructor</Code></Error></ErrorResponse>', 400, 'InvalidParameter'],
    ['<html>', 502, 'CloudUnavailable'],
    ['', 429, 'Throttled'],
    ['', 403, 'AccessDenied'],
    ['', 404, 'CloudRefused'],
    ['', 302, 'InvalidToken'],
    ['', 401, 'InvalidToken'],
  ] as const)('that is %.60j with status %i means %s', (body, status, code) => {
    expect(refusalCode(() => read(body, status))).toBe(code);
  });

  it('is refused with its code and the id of the request, and without its prose', () => {
    expect(() => read(fixture('refused.reply.json'), 400)).toThrow(
      expect.objectContaining({
        message: stsErrors.InvalidParameter.title,
        detail: { upstream: { status: 400, code: 'ValidationError', requestId: '0af9f5b8:17178fe9282:e6a4:b' } },
      }),
    );
  });

  it('tells who the account’s user is', () => {
    expect(provider.identity?.normalize(reply(fixture('whoami.reply.xml')))).toMatchObject({
      accountId: 'ns1',
      userId: 'ci',
    });
    const json = '{"common_name":"root","namespace":"","roles":["SYSTEM_ADMIN"]}';
    expect(provider.identity?.normalize(reply(json))).toMatchObject({ accountId: '', userId: 'root' });
    expect(refusalCode(() => provider.identity?.normalize(reply('{}')))).toBe('CloudUnintelligible');
    expect(refusalCode(() => provider.identity?.normalize(reply('', 401)))).toBe('InvalidToken');
  });

  it('never makes the normalizer fail in another way', () => {
    const bodies = fc.oneof(
      fc.json(),
      fc.string(),
      fc.string({ unit: fc.constantFrom('<a>', '</a>', 'b', '<Credentials>') }),
    );
    fc.assert(
      fc.property(bodies, fc.constantFrom(200, 302, 401, 403, 500), (body, status) => {
        expect(refusalCode(() => read(body, status))).not.toBe('none');
      }),
    );
  });
});
