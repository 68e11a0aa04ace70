import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../lib/stores/memory.ts';
import { stillClock, storeContract } from '../support/store-contract.ts';

storeContract('memory', {
  grain: 1,
  open: async () => {
    const clock = stillClock();
    const seen: string[] = [];
    const store = memoryStore(clock.now);
    return {
      ...clock,
      // A process's memory has no owner but the process; what is shown is what was handed to the store.
      store: {
        ...store,
        put: (key, value, expiration) => store.put(key, value, expiration).finally(() => seen.push(key, value)),
        acquire: (key, expiration) => store.acquire(key, expiration).finally(() => seen.push(key)),
        consume: (key, amount, most, expiration) =>
          store.consume(key, amount, most, expiration).finally(() => seen.push(key)),
      },
      raw: async () => seen.join('\n'),
      close: async () => undefined,
    };
  },
});

const start = Date.parse('2026-01-01T00:00:00Z');

describe('the memory store, when it is full', () => {
  const open = (most: number) => {
    const clock = { at: start };
    const store = memoryStore(() => new Date(clock.at), most);
    return { clock, store, later: (milliseconds: number) => new Date(clock.at + milliseconds) };
  };

  it('lets what has expired go first', async () => {
    const { store, clock, later } = open(2);
    await store.put('lasting', 'value', later(60_000));
    await store.put('passing', 'value', later(1000));
    clock.at += 1000;
    await store.put('new', 'value', later(1000));
    expect(await store.get('lasting')).toBe('value');
    expect(await store.get('new')).toBe('value');
  });

  it('lets the oldest value go if nothing has expired', async () => {
    const { store, later } = open(2);
    for (const key of ['a', 'b', 'c']) await store.put(key, key, later(1000));
    expect(await store.get('a')).toBeUndefined();
    expect(await store.get('b')).toBe('b');
    expect(await store.get('c')).toBe('c');
  });

  it('lets nothing go for a key that it holds already', async () => {
    const { store, later } = open(2);
    for (const key of ['a', 'b', 'b']) await store.put(key, key, later(1000));
    expect(await store.get('a')).toBe('a');
  });

  it('refuses a claim rather than forget another', async () => {
    const { store, later } = open(2);
    expect(await store.acquire('a', later(1000))).toBe(true);
    expect(await store.acquire('b', later(1000))).toBe(true);
    expect(await store.acquire('c', later(1000))).toBe(false);
    expect(await store.acquire('a', later(1000))).toBe(false);
  });

  it('refuses a counter rather than forget another', async () => {
    const { store, clock, later } = open(2);
    expect(await store.consume('a', 1, 9, later(1000))).toBe(1);
    expect(await store.consume('b', 1, 9, later(9000))).toBe(1);
    expect(await store.consume('c', 1, 9, later(1000))).toBe(0);
    expect(await store.consume('a', 1, 9, later(1000))).toBe(1);
    clock.at += 1000;
    expect(await store.consume('c', 1, 9, later(1000))).toBe(1);
    expect(await store.consume('b', 9, 9, later(1000))).toBe(8);
  });

  it('takes claims again as soon as one has expired', async () => {
    const { store, clock, later } = open(2);
    await store.acquire('a', later(1000));
    await store.acquire('b', later(9000));
    expect(await store.acquire('c', later(9000))).toBe(false);
    clock.at += 1000;
    expect(await store.acquire('c', later(9000))).toBe(true);
    expect(await store.acquire('b', later(9000))).toBe(false);
  });

  it('spends no more on a key when nothing has expired than when it has room', async () => {
    const most = 20_000;
    const { store, later } = open(most);
    const timed = async (from: number): Promise<number> => {
      const began = performance.now();
      for (let index = from; index < from + most; index++) {
        await store.put(`${index}`, '', later(60_000));
        await store.acquire(`${index}`, later(60_000));
      }
      return performance.now() - began;
    };
    const roomy = await timed(0);
    // To look through 20,000 entries for each of 40,000 keys takes half a minute.
    expect(await timed(most)).toBeLessThan(20 * roomy + 500);
  });
});
