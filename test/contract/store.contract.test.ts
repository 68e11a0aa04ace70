import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../lib/stores/memory.ts';
import type { Store } from '../../lib/sts/store.ts';

/** Every store of the house. A new one is a line here, and promises what is below. */
const stores: Readonly<Record<string, (now: () => Date) => Store>> = {
  memory: (now) => memoryStore(now),
};

const start = Date.parse('2026-01-01T00:00:00Z');

describe.each(Object.entries(stores))('the %s store', (_name, make) => {
  const open = () => {
    const clock = { at: start };
    const store = make(() => new Date(clock.at));
    return { clock, store, later: (milliseconds: number) => new Date(clock.at + milliseconds) };
  };

  it('gives back what was put, and nothing for what was not', async () => {
    const { store, later } = open();
    await store.put('key', 'value', later(1000));
    expect(await store.get('key')).toBe('value');
    expect(await store.get('other')).toBeUndefined();
  });

  it('holds the last value that was put', async () => {
    const { store, clock, later } = open();
    await store.put('key', 'first', later(1000));
    await store.put('key', 'second', later(5000));
    clock.at += 2000;
    expect(await store.get('key')).toBe('second');
  });

  it('forgets at the instant of expiration', async () => {
    const { store, clock, later } = open();
    await store.put('key', 'value', later(5000));
    clock.at += 4999;
    expect(await store.get('key')).toBe('value');
    clock.at += 1;
    expect(await store.get('key')).toBeUndefined();
  });

  it('remembers nothing that had expired when it came', async () => {
    const { store, later } = open();
    await store.put('key', 'value', later(0));
    expect(await store.get('key')).toBeUndefined();
  });

  it('gives a claim to exactly one of many who race for it', async () => {
    const { store, later } = open();
    const won = await Promise.all(Array.from({ length: 50 }, () => store.claim('nonce', later(1000))));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('refuses a claim until it expires, and gives it again then', async () => {
    const { store, clock, later } = open();
    expect(await store.claim('nonce', later(5000))).toBe(true);
    clock.at += 4999;
    expect(await store.claim('nonce', later(5000))).toBe(false);
    clock.at += 1;
    expect(await store.claim('nonce', later(5000))).toBe(true);
  });

  it('does not prolong a claim that is refused', async () => {
    const { store, clock, later } = open();
    await store.claim('nonce', later(1000));
    await store.claim('nonce', later(60_000));
    clock.at += 1000;
    expect(await store.claim('nonce', later(1000))).toBe(true);
  });

  it('keeps values and claims apart', async () => {
    const { store, later } = open();
    await store.put('key', 'value', later(1000));
    expect(await store.claim('key', later(1000))).toBe(true);
    expect(await store.get('key')).toBe('value');
  });

  it.each(['', '__proto__', 'constructor', 'a b/c:d', 'ключ', '\u0000', 'x'.repeat(1000)])(
    'takes any text as a key: %j',
    async (key) => {
      const { store, later } = open();
      expect(await store.get(key)).toBeUndefined();
      expect(await store.claim(key, later(1000))).toBe(true);
      await store.put(key, 'value', later(1000));
      expect(await store.get(key)).toBe('value');
    },
  );
});
