import { describe, expect, it, vi } from 'vitest';
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
        putAndUnlock: (key, value, expiration) =>
          store.putAndUnlock(key, value, expiration).finally(() => seen.push(key, value)),
        lock: (key, expiration) => store.lock(key, expiration).finally(() => seen.push(key)),
        acquire: (key, expiration, share) => store.acquire(key, expiration, share).finally(() => seen.push(key)),
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
    expect(await store.acquire('c', later(1000))).toBeUndefined();
    expect(await store.acquire('a', later(1000))).toBe(false);
  });

  it('has room for the first claim of another share, whatever one takes', async () => {
    const { store, clock, later } = open(100);
    const taken = async (share: string, count: number) => {
      const answers: (boolean | undefined)[] = [];
      for (let index = 0; index < count; index++) {
        answers.push(await store.acquire(`${share} ${answers.length} ${clock.at}`, later(1000), share));
      }
      return answers.filter(Boolean).length;
    };
    expect(await taken('a', 200)).toBe(50);
    expect(await taken('b', 200)).toBe(25);
    expect(await taken('c', 1)).toBe(1);
    clock.at += 1000;
    expect(await taken('a', 200)).toBe(50);
  });

  it('counts a claim that was given back or taken again no more than once', async () => {
    const { store, clock, later } = open(4);
    for (let index = 0; index < 10; index++) {
      expect(await store.acquire('a', later(1000), 'share')).toBe(true);
      await store.release('a');
      await store.release('a');
    }
    for (let index = 0; index < 10; index++) {
      expect(await store.acquire('a', later(1000), 'share')).toBe(true);
      clock.at += 1000;
    }
    expect(await store.acquire('b', later(1000), 'share')).toBe(true);
    expect(await store.acquire('c', later(1000), 'share')).toBe(true);
    expect(await store.acquire('d', later(1000), 'share')).toBeUndefined();
  });

  it('refuses a counter rather than forget another', async () => {
    const { store, clock, later } = open(2);
    expect(await store.consume('a', 1, 9, later(1000))).toBe(1);
    expect(await store.consume('b', 1, 9, later(9000))).toBe(1);
    expect(await store.consume('c', 1, 9, later(1000))).toBeUndefined();
    expect(await store.consume('a', 1, 9, later(1000))).toBe(1);
    clock.at += 1000;
    expect(await store.consume('c', 1, 9, later(1000))).toBe(1);
    expect(await store.consume('b', 9, 9, later(1000))).toBe(8);
  });

  it('takes claims again as soon as one has expired', async () => {
    const { store, clock, later } = open(2);
    await store.acquire('a', later(1000));
    await store.acquire('b', later(9000));
    expect(await store.acquire('c', later(9000))).toBeUndefined();
    clock.at += 1000;
    expect(await store.acquire('c', later(9000))).toBe(true);
    expect(await store.acquire('b', later(9000))).toBe(false);
  });

  it('looks through its entries only when one of them can have expired', async () => {
    const most = 100;
    const { store, clock, later } = open(most);
    const iterator = Map.prototype[Symbol.iterator];
    const sizes: number[] = [];
    const spy = vi
      .spyOn(Map.prototype as { [Symbol.iterator](): unknown }, Symbol.iterator)
      .mockImplementation(function (this: Map<unknown, unknown>) {
        sizes.push(this.size);
        return iterator.call(this);
      });
    const walks = () => sizes.filter((size) => size === most).length;
    try {
      for (let index = 0; index < 2 * most; index++) {
        await store.put(`${index}`, '', later(60_000));
        await store.acquire(`${index}`, later(60_000));
      }
      expect(walks()).toBe(0);
      clock.at += 60_000;
      await store.put('next', '', later(60_000));
      expect(walks()).toBe(1);
    } finally {
      spy.mockRestore();
    }
  });

  it('has room for the first counter of another share, whatever one takes', async () => {
    const later = new Date(60_000);
    const store = memoryStore(() => new Date(0), 8);
    const granted = async (share?: string) => {
      const answers: number[] = [];
      for (let index = 0; index < 8; index++)
        answers.push((await store.consume(`${share} ${index}`, 1, 9, later, share)) ?? 0);
      return answers.reduce((sum, one) => sum + one, 0);
    };
    expect([await granted('a'), await granted('b'), await granted()]).toEqual([4, 2, 2]);
    // What is counted already goes on, and stays its share's.
    expect(await store.consume('a 0', 9, 9, later, 'b')).toBe(8);
  });
});
