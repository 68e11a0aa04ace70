import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../lib/core/store.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { withStoreTimeout } from '../../lib/stores/store-timeout.ts';

const now = () => new Date();
const soon = (): Date => new Date(Date.now() + 60_000);

/** A store whose every answer is this. */
const answering = (answer: <Value>() => Promise<Value>): Store => ({
  get: () => answer(),
  put: () => answer(),
  acquire: () => answer(),
  release: () => answer(),
  consume: () => answer(),
});

const asked = (store: Store) =>
  Promise.all([
    store.get('key'),
    store.put('key', 'value', soon()),
    store.acquire('nonce', soon()),
    store.release('nonce'),
    store.consume('quota', 1, 1, soon()),
  ]);

const down = [undefined, false, false, undefined, 0];

describe('a store with a timeout', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('takes one that fails for one that is down', async () => {
    const failing = answering(() => Promise.reject(new Error('The disk is on fire.')));
    expect(await asked(withStoreTimeout(failing))).toEqual(down);
    expect(await asked(withStoreTimeout(failing, { milliseconds: 100, now }))).toEqual(down);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes one that does not answer in time for one that is down, and cuts it off', async () => {
    const cutOff = vi.fn();
    const answers = asked(
      withStoreTimeout(
        answering(() => new Promise(() => undefined)),
        { milliseconds: 100, now, cutOff },
      ),
    );
    await vi.advanceTimersByTimeAsync(99);
    expect(cutOff).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await answers).toEqual(down);
    expect(cutOff).toHaveBeenCalledTimes(5);
  });

  it('adds nothing to one that answers, and leaves no timer behind', async () => {
    const store = withStoreTimeout(memoryStore(now), { milliseconds: 100, now });
    expect(await store.put('key', 'value', soon())).toBe(true);
    expect(await store.get('key')).toBe('value');
    expect(await store.acquire('nonce', soon())).toBe(true);
    expect(await store.acquire('nonce', soon())).toBe(false);
    await store.release('nonce');
    expect(await store.acquire('nonce', soon())).toBe(true);
    expect(await store.consume('quota', 3, 2, soon())).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('survives an answer that fails too late', async () => {
    const late = answering(() => new Promise((_, reject) => setTimeout(() => reject(new Error('Too late.')), 200)));
    const answers = asked(withStoreTimeout(late, { milliseconds: 100, now }));
    await vi.advanceTimersByTimeAsync(300);
    expect(await answers).toEqual(down);
  });

  it.each([
    ['gives back a claim that it won too late', 200, true],
    ['does not, where by then it may be of another', 60_000, false],
  ])('%s', async (_, delay, again) => {
    const memory = memoryStore(() => new Date(0));
    const slow: Store = {
      ...memory,
      acquire: (key, expiration) =>
        new Promise((resolve) => setTimeout(() => resolve(memory.acquire(key, expiration)), delay)),
    };
    const answer = withStoreTimeout(slow, { milliseconds: 100, now }).acquire('nonce', soon());
    await vi.advanceTimersByTimeAsync(100);
    expect(await answer).toBe(false);
    await vi.advanceTimersByTimeAsync(delay);
    expect(await memory.acquire('nonce', new Date(60_000))).toBe(again);
  });
});
