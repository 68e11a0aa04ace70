import { describe, expect, it } from 'vitest';
import { rateLimiter } from '../../lib/auth/rate-limit.ts';
import type { Caller } from '../../lib/core/caller.ts';
import { StsError } from '../../lib/core/errors.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { ciKey, createApp } from '../support/app.ts';

const start = Date.parse('2026-11-22T12:00:00Z');
const limits = new Map([['ci', { perSecond: 2, burst: 3 }]]);
const ci: Caller = { name: 'ci', proof: 'jwt', claims: { iss: 'https://issuer.example', sub: 'job' } };

/** Who was let in, of so many requests at one moment. */
const admitted = (admit: ReturnType<typeof rateLimiter>, caller: Caller, count: number, at = 0): number => {
  let entered = 0;
  for (let index = 0; index < count; index++) {
    try {
      admit(caller, new Date(start + at));
      entered++;
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(StsError);
    }
  }
  return entered;
};

describe('the rate of a caller', () => {
  it('lets a burst in, and then so many a second', () => {
    const admit = rateLimiter(limits);
    expect(admitted(admit, ci, 10)).toBe(3);
    expect(admitted(admit, ci, 10, 1_000)).toBe(2);
    expect(admitted(admit, ci, 10, 1_499)).toBe(0);
    expect(admitted(admit, ci, 10, 1_500)).toBe(1);
    expect(admitted(admit, ci, 10, 60_000)).toBe(3);
  });

  it('says when to come back', () => {
    const admit = rateLimiter(new Map([['ci', { perSecond: 0.1, burst: 1 }]]));
    admit(ci, new Date(start));
    expect(() => admit(ci, new Date(start + 2_000))).toThrow(
      expect.objectContaining({
        code: 'Throttled',
        message: 'The caller asks more often than it may.',
        detail: { retryAfterSeconds: 8 },
      }),
    );
  });

  it('is each subject’s own', () => {
    const admit = rateLimiter(limits);
    expect(admitted(admit, ci, 10)).toBe(3);
    expect(admitted(admit, { ...ci, claims: { ...ci.claims, sub: 'another' } }, 10)).toBe(3);
    expect(admitted(admit, { ...ci, claims: { ...ci.claims, iss: 'https://other.example' } }, 10)).toBe(3);
  });

  it('is not widened by a triad that the caller had minted', () => {
    const admit = rateLimiter(limits);
    const key: Caller = { name: 'ci', proof: 'accessKey', accessKeyId: 'AKID' };
    const session = (accessKeyId: string): Caller =>
      ({ name: 'session', proof: 'session', accessKeyId, session: { caller: 'ci' } }) as unknown as Caller;
    expect(admitted(admit, key, 2)).toBe(2);
    expect(admitted(admit, session('ASIA1'), 10)).toBe(1);
    expect(admitted(admit, session('ASIA2'), 10)).toBe(0);
  });

  it('is no limit where none is configured', () => {
    expect(admitted(rateLimiter(limits), { name: 'other', proof: 'accessKey' }, 1_000)).toBe(1_000);
    expect(admitted(rateLimiter(new Map()), ci, 1_000)).toBe(1_000);
  });

  it('gives nothing for a clock that was set back', () => {
    const admit = rateLimiter(limits);
    expect(admitted(admit, ci, 3)).toBe(3);
    expect(admitted(admit, ci, 10, -60_000)).toBe(0);
    expect(admitted(admit, ci, 10, -59_000)).toBe(2);
  });
});

describe('a caller who asks too often', () => {
  const open = () =>
    createApp({
      config: {
        accounts: {},
        callers: { ci: { accessKey: { id: ciKey.id, secret: 'env:CALLER' }, requestsPerSecond: 0.5 } },
      },
    });

  it('is told so by problem+json, and when to come back, and it is written down who it was', async () => {
    const app = open();
    await app.ask('/getCallerIdentity', {});
    const said = await app.ask('/getCallerIdentity', { account: 'another' });
    expect(said).toMatchObject({ status: 429, headers: { 'retry-after': '2' }, body: { code: 'Throttled' } });
    expect(app.records.at(-1)).toMatchObject({ outcome: 'Throttled', caller: 'ci' });
    app.skewMs += 2_000;
    expect((await app.ask('/getCallerIdentity', {})).status).not.toBe(429);
  });

  it('is told so in its own dialect', async () => {
    const app = open();
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    const request = sign(
      {
        method: 'POST',
        scheme: 'https',
        host: 'credmint.example.com',
        path: '/',
        query: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      },
      { id: ciKey.id, secret: new Secret(ciKey.secret) },
      { now: app.now(), region: 'us-east-1', service: 'sts' },
    );
    await app.send(request);
    const said = await app.send(request);
    expect(said.text).toContain('<Code>Throttling</Code>');
    expect(said.headers).toMatchObject({ 'retry-after': '2' });
  });
});
