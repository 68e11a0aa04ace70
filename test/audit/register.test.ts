import { describe, expect, it } from 'vitest';
import type { Link } from '../../lib/audit/chain.ts';
import { type ChainRegister, chainRegister } from '../../lib/audit/register.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { virtualClock } from '../support/clock.ts';

const link = (chain: string, sequence: number): Link => ({ chain, sequence, hash: `hash of ${sequence}` });

/** Instances that share a store. */
const openStore = () => {
  const clock = virtualClock();
  const memory = memoryStore(clock.now, 1_000_000);
  const state = { isDown: false };
  const store = {
    ...memory,
    put: async (...all: Parameters<typeof memory.put>) => !state.isDown && memory.put(...all),
    get: async (key: string) => (state.isDown ? undefined : memory.get(key)),
    acquire: async (...all: Parameters<typeof memory.acquire>) => (state.isDown ? undefined : memory.acquire(...all)),
  };
  return {
    clock,
    state,
    join: async (chain: string, place = 's3'): Promise<ChainRegister> => {
      const register = chainRegister(chain, { store, place, clock, paceMs: 100 });
      await clock.settle();
      return register;
    },
  };
};

describe('what instances of a store know of each other’s chains', () => {
  it('is the last line that each is known to have written, as soon as another one starts', async () => {
    const { clock, join } = openStore();
    const first = await join('first');
    first.note(link('first', 3));
    await clock.settle();
    first.note(link('first', 4));
    first.note(link('first', 5));
    await clock.pass(100);
    const second = await join('second');
    expect(second.take()).toEqual([link('first', 5)]);
    expect(second.take()).toEqual([]);
  });

  it('is never that a chain which has its end has to be named', async () => {
    const { clock, join } = openStore();
    const first = await join('first');
    first.note(link('first', 3));
    await clock.settle();
    await first.end(link('first', 4));
    expect((await join('second')).take()).toEqual([]);
  });

  it('is nothing of chains that are written elsewhere', async () => {
    const { clock, join } = openStore();
    (await join('first', 'sqs')).note(link('first', 3));
    await clock.settle();
    expect((await join('second')).take()).toEqual([]);
  });

  it('is looked at again every minute by one of those that write, who names what is new', async () => {
    const { clock, join } = openStore();
    const [first, second] = [await join('first'), await join('second')];
    first.note(link('first', 0));
    second.note(link('second', 0));
    await clock.settle();
    expect([...first.take(), ...second.take()]).toEqual([]);
    await clock.pass(60_000);
    second.note(link('second', 1));
    await clock.pass(100);
    expect(second.take()).toEqual([link('first', 0)]);
    second.named([link('first', 0)]);
    await clock.pass(60_000);
    second.note(link('second', 2));
    await clock.pass(100);
    expect(second.take()).toEqual([]);
    first.note(link('first', 1));
    await clock.pass(60_000);
    second.note(link('second', 3));
    await clock.pass(100);
    expect([...first.take(), ...second.take()]).toContainEqual(link('first', 1));
  });

  it('is told once the store is back, if it was down', async () => {
    const { clock, join, state } = openStore();
    const first = await join('first');
    state.isDown = true;
    first.note(link('first', 7));
    await clock.pass(5_000);
    state.isDown = false;
    await clock.pass(60_000);
    expect((await join('second')).take()).toEqual([link('first', 7)]);
  });

  it('is told of one that was silent for long enough to be forgotten, when it writes again', async () => {
    const { clock, join } = openStore();
    const first = await join('first');
    first.note(link('first', 0));
    await clock.settle();
    const second = await join('second');
    second.named(second.take());
    second.note(link('second', 0));
    await clock.pass(11 * 60_000);
    second.note(link('second', 1));
    await clock.pass(100);
    expect((await join('third')).take().map(({ chain }) => chain)).toEqual(['second']);
    first.note(link('first', 1));
    await clock.pass(100);
    expect((await join('fourth')).take()).toContainEqual(link('first', 1));
  });

  it('is complete however many there are', async () => {
    const { clock, join } = openStore();
    const chains = Array.from({ length: 150 }, (_, index) => `chain-${index}`);
    for (const chain of chains) (await join(chain)).note(link(chain, 0));
    await clock.pass(120_000);
    const named = new Set<string>();
    for (let minute = 0; minute < 5; minute++) {
      const last = await join(`last-${minute}`);
      for (const { chain } of last.take()) named.add(chain);
    }
    expect(chains.filter((chain) => !named.has(chain))).toEqual([]);
  });
});
