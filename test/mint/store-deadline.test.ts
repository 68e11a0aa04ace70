import { expect, it } from 'vitest';
import { withStoreDeadline } from '../../lib/mint/store-deadline.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { virtualClock } from '../support/clock.ts';
import { forever } from '../support/requests.ts';
import { storeThrough } from '../support/store-wrappers.ts';

/** A store each of whose answers takes so long. */
const open = (milliseconds: number, deadline = forever) => {
  const clock = virtualClock();
  const memory = memoryStore(clock.now);
  const unlocked: string[] = [];
  const slow = storeThrough(memory, async (operation, key, ask) => {
    if (operation === 'unlock') unlocked.push(key);
    await clock.sleep(milliseconds);
    return ask();
  });
  const trips = withStoreDeadline(slow, clock, deadline);
  const took = async (asked: Promise<unknown>): Promise<number> => {
    const began = clock.monotonicMs();
    const ended = asked.then(() => clock.monotonicMs() - began);
    await clock.pass(10_000);
    return ended;
  };
  const later = new Date(clock.now().getTime() + 600_000);
  return { clock, memory, unlocked, trips, took, later };
};

it('the round trips of one mint wait three seconds together, after which the store is down for it', async () => {
  const { trips, took, memory, later } = open(1_200);
  await memory.put('key', 'value', later);
  expect(await took(trips.get('key'))).toBe(1_200);
  expect(await took(trips.get('key'))).toBe(1_200);
  expect(await took(trips.get('key'))).toBe(600);
  expect(await took(trips.lock('key', later))).toBe(0);
  expect(await trips.lock('key', later)).toBeUndefined();
});

it('what is put after that is put all the same', async () => {
  const { trips, took, memory, later } = open(3_000);
  await took(trips.get('key'));
  expect(await took(trips.putAndUnlock('key', 'value', later))).toBe(0);
  expect(await memory.get('key')).toBe('value');
});

it('a lock that is won too late is given back', async () => {
  const { trips, took, unlocked, later } = open(4_000);
  expect(await took(trips.lock('key', later))).toBe(3_000);
  expect(unlocked).toEqual(['key']);
});

it('a lock that is won after its expiration is left to whoever has it by then', async () => {
  const { trips, took, unlocked, clock } = open(4_000);
  expect(await took(trips.lock('key', new Date(clock.now().getTime() + 3_500)))).toBe(3_000);
  expect(unlocked).toEqual([]);
});

it('they end with the deadline of the mint', async () => {
  const deadline = new AbortController();
  const { trips, clock } = open(1_000, deadline);
  const asked = trips.get('key');
  await clock.settle();
  deadline.abort();
  expect(await asked).toBeUndefined();
});
