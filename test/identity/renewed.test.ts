import { expect, it, vi } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { renewed } from '../../lib/identity/renewed.ts';
import { virtualClock } from '../support/clock.ts';
import { forever } from '../support/requests.ts';

const open = () => {
  const clock = virtualClock();
  const state = { fetched: 0, failing: false };
  const current = renewed(
    async () => {
      state.fetched++;
      if (state.failing) throw new Error('The metadata service is down.');
      const expiration = new Date(clock.now().getTime() + 3_600_000);
      return { key: { id: `key-${state.fetched}`, secret: new Secret('s') }, expiration };
    },
    clock.now,
    clock.monotonicMs,
  );
  return { clock, state, current: async () => (await current(forever.signal)).id };
};

it('a key is renewed before it ends, also if the wall clock is set back', async () => {
  const { clock, current } = open();
  expect(await current()).toBe('key-1');
  clock.jump(-3_600_000);
  expect(await current()).toBe('key-1');
  await clock.pass(3_600_000);
  expect(await current()).toBe('key-2');
});

it('a fetch that failed is tried again soon, also if the wall clock is set back', async () => {
  const { clock, state, current } = open();
  await current();
  state.failing = true;
  await clock.pass(3_500_000);
  expect(await current()).toBe('key-1');
  clock.jump(-3_600_000);
  state.failing = false;
  await clock.pass(60_000);
  expect(await current()).toBe('key-3');
});

it('a fetch that does not heed its deadline ends with it', async () => {
  const clock = virtualClock();
  const ending = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(ending.signal);
  const asked = renewed(() => new Promise(() => undefined), clock.now, clock.monotonicMs)(forever.signal);
  timeout.mockRestore();
  ending.abort();
  await expect(asked).rejects.toMatchObject({ code: 'CloudUnavailable' });
});
