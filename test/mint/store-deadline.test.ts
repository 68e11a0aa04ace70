import { expect, it } from 'vitest';
import { withStoreDeadline } from '../../lib/mint/store-deadline.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { virtualClock } from '../support/clock.ts';
import { forever } from '../support/requests.ts';

/** A store each of whose answers takes so long. */
const open = (milliseconds: number, deadline = forever) => {
  const clock = virtualClock();
  const memory = memoryStore(clock.now);
  const released: string[] = [];
  const slowly = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    await clock.sleep(milliseconds);
    return ask();
  };
  const slow = {
    get: (...all: Parameters<typeof memory.get>) => slowly(() => memory.get(...all)),
    put: (...all: Parameters<typeof memory.put>) => slowly(() => memory.put(...all)),
    acquire: (...all: Parameters<typeof memory.acquire>) => slowly(() => memory.acquire(...all)),
    release: async (key: string) => {
      released.push(key);
      await slowly(() => memory.release(key));
    },
    consume: (...all: Parameters<typeof memory.consume>) => slowly(() => memory.consume(...all)),
  };
  const trips = withStoreDeadline(slow, clock, deadline);
  const took = async (asked: Promise<unknown>): Promise<number> => {
    const began = clock.monotonicMs();
    const ended = asked.then(() => clock.monotonicMs() - began);
    await clock.pass(10_000);
    return ended;
  };
  const later = new Date(clock.now().getTime() + 600_000);
  return { clock, memory, released, trips, took, later };
};

it('the round trips of one mint wait three seconds together, after which the store is down for it', async () => {
  const { trips, took, memory, later } = open(1_200);
  await memory.put('key', 'value', later);
  expect(await took(trips.get('key'))).toBe(1_200);
  expect(await took(trips.get('key'))).toBe(1_200);
  expect(await took(trips.get('key'))).toBe(600);
  expect(await took(trips.acquire('claim', later))).toBe(0);
  expect(await took(trips.consume('counter', 1, 1, later))).toBe(0);
  expect(await trips.acquire('claim', later)).toBeUndefined();
});

it('what is put after that is put all the same', async () => {
  const { trips, took, memory, later } = open(3_000);
  await took(trips.get('key'));
  expect(await took(trips.put('key', 'value', later))).toBe(0);
  expect(await memory.get('key')).toBe('value');
});

it('a claim that is won too late is given back', async () => {
  const { trips, took, released, later } = open(4_000);
  expect(await took(trips.acquire('claim', later))).toBe(3_000);
  expect(released).toEqual(['claim']);
});

it('a claim that is won after its expiration is left to whoever has it by then', async () => {
  const { trips, took, released, clock } = open(4_000);
  expect(await took(trips.acquire('claim', new Date(clock.now().getTime() + 3_500)))).toBe(3_000);
  expect(released).toEqual([]);
});

it('they end with the deadline of the mint', async () => {
  const deadline = new AbortController();
  const { trips, clock } = open(1_000, deadline);
  const asked = trips.get('key');
  await clock.settle();
  deadline.abort();
  expect(await asked).toBeUndefined();
});
