import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { circuitBreaker } from '../../lib/mint/circuit-breaker.ts';
import type { Source } from '../../lib/mint/source.ts';
import { virtualClock } from '../support/clock.ts';
import { credentialsOf, forever, requestOf } from '../support/requests.ts';

/** A guarded cloud whose every call waits for the test to say how it ends. */
const guarded = () => {
  const clock = virtualClock();
  const calls: { end(error?: StsError): void }[] = [];
  const source: Source = () =>
    new Promise((resolve, reject) =>
      calls.push({
        end: (error) => (error === undefined ? resolve(credentialsOf(1, clock.now())) : reject(error)),
      }),
    );
  const room = circuitBreaker(clock);
  const ask = () =>
    room
      .guarded(source)(requestOf(), forever)
      .then(
        () => 'Done',
        (thrown) => StsError.from(thrown).code,
      );
  const fail = async () => {
    const asking = ask();
    calls.at(-1)?.end(new StsError('CloudUnavailable'));
    await asking;
  };
  return { clock, calls, room, ask, fail };
};

describe('the circuit breaker', () => {
  it('says which circuits are open', async () => {
    const { room, fail } = guarded();
    await fail();
    expect(room.states()).toEqual(new Map([['aws', false]]));
    for (let count = 0; count < 4; count++) await fail();
    expect(room.states()).toEqual(new Map([['aws', true]]));
  });

  it('probes after a second, then after twice as long, and at least every four seconds', async () => {
    const { clock, calls, ask, fail } = guarded();
    for (let count = 0; count < 5; count++) await fail();
    const probedAt: number[] = [];
    for (let passed = 0; passed < 30_000; passed += 500) {
      const before = calls.length;
      const asking = ask();
      if (calls.length > before) probedAt.push(passed);
      calls.at(-1)?.end(new StsError('CloudUnavailable'));
      await asking;
      await clock.pass(500);
    }
    expect(probedAt.slice(0, 5)).toEqual([1_000, 3_000, 7_000, 11_000, 15_000]);
  });

  it('says when the next probe is due, whatever the wall clock does', async () => {
    const { clock, room, fail } = guarded();
    for (let count = 0; count < 5; count++) await fail();
    clock.jump(-3_600_000);
    const refused = room.guarded(() => Promise.reject(new Error('not asked')))(requestOf(), forever);
    await expect(refused).rejects.toMatchObject({ code: 'CloudUnavailable', detail: { retryAfterSeconds: 1 } });
  });

  it('lets a probe that hangs delay no other', async () => {
    const { clock, calls, ask, fail } = guarded();
    for (let count = 0; count < 5; count++) await fail();
    await clock.pass(1_000);
    const hanging = ask();
    await clock.pass(2_000);
    const probe = ask();
    calls.at(-1)?.end();
    expect(await probe).toBe('Done');
    calls.at(-2)?.end();
    expect(await hanging).toBe('Done');
  });

  it('sends one probe, even when a call from before it ends meanwhile', async () => {
    const { clock, calls, ask, fail } = guarded();
    const early = ask();
    for (let count = 0; count < 5; count++) await fail();
    await clock.pass(1_000);
    const probe = ask();
    calls[0]?.end(new StsError('CloudUnavailable'));
    await early;
    const sent = calls.length;
    expect(await ask()).toBe('CloudUnavailable');
    expect(calls.length).toBe(sent);
    calls.at(-1)?.end();
    expect(await probe).toBe('Done');
  });

  it('does not count a refusal by our own quota as an answer of the cloud', async () => {
    const { calls, ask, fail, room } = guarded();
    for (let count = 0; count < 4; count++) await fail();
    const asking = ask();
    calls.at(-1)?.end(new StsError('Throttled', undefined, { retryAfterSeconds: 1 }));
    await asking;
    await fail();
    expect(room.states().get('aws')).toBe(true);
  });
});
