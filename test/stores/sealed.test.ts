import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import type { Store } from '../../lib/core/store.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { sealed } from '../../lib/stores/sealed.ts';
import { stillClock } from '../support/store-contract.ts';

const [first, second] = ['a', 'b'].map((letter) => new Secret(letter.repeat(32))) as [Secret, Secret];

/** A memory store, and what it has been given. */
const open = () => {
  const clock = stillClock();
  const memory = memoryStore(clock.now);
  const held = new Map<string, string>();
  const store: Store = {
    ...memory,
    put: (key, value, expiration) => {
      held.set(key, value);
      return memory.put(key, value, expiration);
    },
  };
  const end = new Date(clock.now().getTime() + 60_000);
  return {
    clock,
    store,
    held,
    end,
    under: (...keys: [Secret, ...Secret[]]) => sealed(store, keyring(...keys), clock.now),
  };
};

describe('a value under seal', () => {
  it('does not open at another key of the store', async () => {
    const { under, store, held, end } = open();
    const closed = under(first);
    await closed.put('alice', 'value of alice', end);
    await closed.put('mallory', 'value of mallory', end);
    const [alices, mallorys] = [...held.keys()];
    await store.put(mallorys ?? '', held.get(alices ?? '') ?? '', end);
    expect(await closed.get('mallory')).toBeUndefined();
    expect(await closed.get('alice')).toBe('value of alice');
  });

  it('does not come back after its expiration, however long the store keeps it', async () => {
    const { under, clock, store, held, end } = open();
    const closed = under(first);
    await closed.put('key', 'value', end);
    const [name = '', value = ''] = [...held.entries()][0] ?? [];
    await clock.pass(60_000);
    await store.put(name, value, new Date(end.getTime() + 60_000));
    expect(await store.get(name)).toBe(value);
    expect(await closed.get('key')).toBeUndefined();
  });

  it.each<[string, (value: string) => string]>([
    ['cut', (value) => value.slice(0, -4)],
    ['touched', (value) => `${value.slice(0, -2)}${value.endsWith('AA') ? 'BB' : 'AA'}`],
    ['empty', () => ''],
    ['in the clear', () => 'value'],
  ])('is nothing if it was %s', async (_, spoil) => {
    const { under, store, held, end } = open();
    const closed = under(first);
    await closed.put('key', 'value', end);
    const [name = '', value = ''] = [...held.entries()][0] ?? [];
    await store.put(name, spoil(value), end);
    expect(await closed.get('key')).toBeUndefined();
  });

  it('is closed anew each time, so that it does not show whether it has changed', async () => {
    const { under, held, end } = open();
    const closed = under(first);
    await closed.put('key', 'value', end);
    const [before] = held.values();
    await closed.put('key', 'value', end);
    expect(held.size).toBe(1);
    expect([...held.values()]).not.toEqual([before]);
  });

  it('means nothing to a reader with another key', async () => {
    const { under, end } = open();
    await under(first).put('key', 'value', end);
    expect(await under(second).get('key')).toBeUndefined();
  });
});

describe('the rotation of keys, instance by instance', () => {
  const rings: Readonly<Record<string, [Secret, ...Secret[]]>> = {
    'the old key alone': [first],
    'the old key, and the new to open with': [first, second],
    'the new key, and the old to open with': [second, first],
    'the new key alone': [second],
  };
  const stages = Object.entries(rings);
  const neighbours = stages.flatMap(([name, ring], index) =>
    [stages[index + 1] ?? []]
      .filter((next) => next.length > 0)
      .map(([nextName, next]) => [name, nextName, ring, next] as const),
  );
  const bothWays = neighbours.flatMap(([name, nextName, ring, next]) => [
    [name, nextName, ring, next] as const,
    [nextName, name, next, ring] as const,
  ]);

  it.each(bothWays)('gives a claim under %s to no one else under %s', async (_, __, ring, other) => {
    if (ring === undefined || other === undefined) throw new Error('There is no such ring.');
    const { under, end } = open();
    expect(await under(...ring).acquire('nonce', end)).toBe(true);
    expect(await under(...other).acquire('nonce', end)).toBe(false);
    // A claim that was refused keeps nothing from anybody.
    await under(...ring).release('nonce');
    expect(await under(...other).acquire('nonce', end)).toBe(true);
  });

  it.each(bothWays)('locks a value under %s for no one else under %s, until it is put', async (_, __, ring, other) => {
    if (ring === undefined || other === undefined) throw new Error('There is no such ring.');
    const { under, end } = open();
    expect(await under(...ring).lock('key', end)).toEqual({ isOurs: true, value: undefined });
    expect(await under(...other).lock('key', end)).toEqual({ isOurs: false });
    await under(...ring).putAndUnlock('key', 'value', end);
    const [mine, others] = [under(...ring), under(...other)];
    expect(await others.lock('key', end)).toEqual({ isOurs: true, value: await others.get('key') });
    // A lock that was refused keeps nothing from anybody.
    expect(await mine.lock('key', end)).toEqual({ isOurs: false });
    await others.unlock('key');
    expect(await mine.lock('key', end)).toEqual({ isOurs: true, value: 'value' });
  });

  it.each(bothWays)('counts what is taken under %s for those under %s', async (_, __, ring, other) => {
    if (ring === undefined || other === undefined) throw new Error('There is no such ring.');
    const { under, end } = open();
    expect(await under(...ring).consume('quota', 6, 10, end)).toBe(6);
    expect(await under(...other).consume('quota', 6, 10, end)).toBe(4);
    expect(await under(...ring).consume('quota', 1, 10, end)).toBe(0);
  });

  it('loses no value on the way to the new key, but to those who do not have it yet', async () => {
    const { under, end } = open();
    const [old, ready, turned, fresh] = stages.map(([, ring]) => under(...ring)) as [Store, Store, Store, Store];
    await old.put('key', 'of the old', end);
    expect(await ready.get('key')).toBe('of the old');
    expect(await turned.get('key')).toBe('of the old');
    expect(await fresh.get('key')).toBeUndefined();
    await ready.put('other', 'of the ready', end);
    expect(await old.get('other')).toBe('of the ready');
    await turned.put('third', 'of the turned', end);
    expect(await ready.get('third')).toBe('of the turned');
    expect(await fresh.get('third')).toBe('of the turned');
    expect(await old.get('third')).toBeUndefined();
  });
});
