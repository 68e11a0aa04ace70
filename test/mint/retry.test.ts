import { describe, expect, it } from 'vitest';
import { StsError, type StsErrorCode } from '../../lib/core/errors.ts';
import { circuitBreaker } from '../../lib/mint/circuit-breaker.ts';
import { retry } from '../../lib/mint/retry.ts';
import type { Source } from '../../lib/mint/source.ts';
import { virtualClock } from '../support/clock.ts';
import { credentialsOf, forever, requestOf } from '../support/requests.ts';

/** A cloud that answers with these codes in turn, and then always with the last; `Done` is credentials. */
const cloudSaying = (...codes: (StsErrorCode | 'Done')[]) => {
  const clock = virtualClock();
  const state = { calls: 0, codes };
  const source: Source = async () => {
    const code = state.codes[Math.min(state.calls++, state.codes.length - 1)] ?? 'Done';
    if (code !== 'Done') throw new StsError(code);
    return credentialsOf(state.calls, clock.now());
  };
  const tried = retry(circuitBreaker(clock).guarded(source), clock);
  const ask = async (changes: object = {}, deadline = forever) => {
    const asking = tried(requestOf(changes), deadline).then(
      () => 'Done' as const,
      (thrown) => StsError.from(thrown).code,
    );
    await clock.pass(10_000);
    return asking;
  };
  return { clock, state, tried, ask };
};

describe('a retry', () => {
  it.each(['Throttled', 'CloudUnavailable'] as const)('may help when the cloud says %s', async (code) => {
    const { state, ask } = cloudSaying(code, code, 'Done');
    expect(await ask()).toBe('Done');
    expect(state.calls).toBe(3);
  });

  it.each(['AccessDenied', 'RoleNotFound', 'CloudUnintelligible', 'AccountRefused', 'MalformedPolicy'] as const)(
    'does not help when the cloud says %s',
    async (code) => {
      const { state, ask } = cloudSaying(code);
      expect(await ask()).toBe(code);
      expect(state.calls).toBe(1);
    },
  );

  it('ends after three attempts', async () => {
    const { state, ask } = cloudSaying('Throttled');
    expect(await ask()).toBe('Throttled');
    expect(state.calls).toBe(3);
  });

  it('ends at the deadline of the caller', async () => {
    const { clock, state, tried } = cloudSaying('Throttled');
    const deadline = new AbortController();
    const asking = tried(requestOf(), deadline);
    const refused = expect(asking).rejects.toMatchObject({ code: 'Throttled' });
    await clock.settle();
    deadline.abort();
    await refused;
    expect(state.calls).toBe(1);
  });

  it('adds no more than a tenth to the calls of a cloud in trouble', async () => {
    const { state, ask } = cloudSaying('Throttled');
    for (let index = 0; index < 500; index++) await ask();
    expect(state.calls).toBeLessThanOrEqual(500 * 1.1 + 10);
  });

  it('stops calling a cloud that does not answer, and fails at once meanwhile', async () => {
    const { clock, state, tried, ask } = cloudSaying('CloudUnavailable');
    await ask();
    await ask();
    const before = state.calls;
    expect(before).toBeGreaterThanOrEqual(5);
    const all = Promise.allSettled(Array.from({ length: 100 }, () => tried(requestOf(), forever)));
    await clock.pass(2_000);
    const refused = await all;
    // Of a hundred calls, only the probe reached the cloud.
    expect(state.calls - before).toBe(1);
    expect(refused.every((one) => one.status === 'rejected' && one.reason.code === 'CloudUnavailable')).toBe(true);
  });

  it('sends one probe after the pause, and everything again once the probe is answered', async () => {
    const { clock, state, tried } = cloudSaying('CloudUnavailable');
    for (let index = 0; index < 5; index++) {
      const asking = tried(requestOf(), forever).catch(() => undefined);
      await clock.pass(1_000);
      await asking;
    }
    await clock.pass(30_000);
    state.codes = ['Done'];
    state.calls = 0;
    expect((await tried(requestOf(), forever)).accessKeyId).toBe('ASIA1');
    expect((await tried(requestOf(), forever)).accessKeyId).toBe('ASIA2');
  });

  it('keeps the accounts apart: one cloud may be down without the others', async () => {
    const clock = virtualClock();
    const cloud: Source = async (request) => {
      if (request.account === 'down') throw new StsError('CloudUnavailable');
      return credentialsOf(1, clock.now());
    };
    const tried = retry(circuitBreaker(clock).guarded(cloud), clock);
    for (let index = 0; index < 10; index++) {
      const asking = tried(requestOf({ account: 'down' }), forever).catch(() => undefined);
      await clock.pass(1_000);
      await asking;
    }
    expect((await tried(requestOf(), forever)).accessKeyId).toBe('ASIA1');
  });
});
