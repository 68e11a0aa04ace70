import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../lib/core/store.ts';
import { guardStore } from '../../lib/stores/guard-store.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { storeBreaker } from '../../lib/stores/store-breaker.ts';
import { virtualClock } from '../support/clock.ts';
import { askForEach, downAnswers, downStore, storeThrough } from '../support/store-wrappers.ts';

const now = () => new Date();
const soon = (): Date => new Date(Date.now() + 60_000);

/** A store whose every answer is this. */
const answering = (answer: <Value>() => Promise<Value>): Store => storeThrough(downStore, () => answer());

const asked = (store: Store) => askForEach(store, soon());

describe('a store with a timeout', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('takes one that fails for one that is down', async () => {
    const failing = answering(() => Promise.reject(new Error('The disk is on fire.')));
    expect(await asked(guardStore(failing))).toEqual(downAnswers);
    expect(await asked(guardStore(failing, { timeout: { milliseconds: 100, now } }))).toEqual(downAnswers);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes one that does not answer in time for one that is down, and cuts it off', async () => {
    const cutOff = vi.fn();
    const answers = asked(
      guardStore(
        answering(() => new Promise(() => undefined)),
        { timeout: { milliseconds: 100, now, cutOff } },
      ),
    );
    await vi.advanceTimersByTimeAsync(99);
    expect(cutOff).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await answers).toEqual(downAnswers);
    expect(cutOff).toHaveBeenCalledTimes(downAnswers.length);
  });

  it('adds nothing to one that answers, and leaves no timer behind', async () => {
    const store = guardStore(memoryStore(now), { timeout: { milliseconds: 100, now } });
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
    const answers = asked(guardStore(late, { timeout: { milliseconds: 100, now } }));
    await vi.advanceTimersByTimeAsync(300);
    expect(await answers).toEqual(downAnswers);
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
    const answer = guardStore(slow, { timeout: { milliseconds: 100, now } }).acquire('nonce', soon());
    await vi.advanceTimersByTimeAsync(100);
    expect(await answer).toBeUndefined();
    await vi.advanceTimersByTimeAsync(delay);
    expect(await memory.acquire('nonce', new Date(60_000))).toBe(again);
  });

  it.each([
    ['gives back a lock that it won too late', 200, true],
    ['does not, if by then it may be of another', 60_000, false],
  ])('%s', async (_, delay, again) => {
    const memory = memoryStore(() => new Date(0));
    const slow: Store = {
      ...memory,
      lock: (key, expiration) =>
        new Promise((resolve) => setTimeout(() => resolve(memory.lock(key, expiration)), delay)),
    };
    const answer = guardStore(slow, { timeout: { milliseconds: 100, now } }).lock('key', soon());
    await vi.advanceTimersByTimeAsync(100);
    expect(await answer).toBeUndefined();
    await vi.advanceTimersByTimeAsync(delay);
    expect((await memory.lock('key', new Date(60_000)))?.isOurs).toBe(again);
  });
});

describe('a guarded store with a breaker', () => {
  const hanging = (mode: { hangs: boolean; asked: number }): Store => {
    const memory = memoryStore(now);
    const ask = <Value>(work: () => Promise<Value>): Promise<Value> => {
      mode.asked++;
      return mode.hangs ? new Promise(() => undefined) : work();
    };
    return storeThrough(memory, (_operation, _key, act) => ask(act));
  };
  const open = () => {
    const clock = virtualClock();
    const mode = { hangs: false, asked: 0 };
    const breaker = storeBreaker(clock);
    const store = guardStore(hanging(mode), { timeout: { milliseconds: 100, now }, breaker });
    return { clock, mode, breaker, store };
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits once for a store that hangs, and then not at all', async () => {
    const { mode, breaker, store } = open();
    mode.hangs = true;
    const first = asked(store);
    await vi.advanceTimersByTimeAsync(100);
    expect(await first).toEqual(downAnswers);
    expect(breaker.isOpen()).toBe(true);

    expect(await asked(store)).toEqual(downAnswers);
    expect(mode.asked).toBe(downAnswers.length);
  });

  it('probes with one request, for which no caller waits, and asks again once that was answered', async () => {
    const { clock, mode, breaker, store } = open();
    mode.hangs = true;
    const first = store.get('key');
    await vi.advanceTimersByTimeAsync(100);
    await first;
    await clock.pass(500);
    expect(await asked(store)).toEqual(downAnswers);
    expect(mode.asked).toBe(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(breaker.isOpen()).toBe(true);

    mode.hangs = false;
    expect(await store.put('key', 'value', soon())).toBe(false);
    await clock.pass(1_000);
    expect(await store.put('key', 'value', soon())).toBe(false);
    await clock.settle();
    expect(breaker.isOpen()).toBe(false);
    expect(await store.put('key', 'value', soon())).toBe(true);
  });

  it('probes at growing intervals of at most four seconds', async () => {
    const { clock, mode, store } = open();
    mode.hangs = true;
    const first = store.get('key');
    await vi.advanceTimersByTimeAsync(100);
    await first;
    const before = mode.asked;
    for (let second = 0; second < 60; second++) {
      await clock.pass(1_000);
      await store.get('key');
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(mode.asked - before).toBeGreaterThanOrEqual(14);
    expect(mode.asked - before).toBeLessThanOrEqual(18);
  });

  it('goes on asking a store that answers no', async () => {
    const clock = virtualClock();
    const breaker = storeBreaker(clock);
    const full = answering(() => Promise.reject(new RangeError('full')));
    const store = guardStore(full, { breaker, isAnswer: (thrown) => thrown instanceof RangeError });
    expect(await asked(store)).toEqual(downAnswers);
    expect(breaker.isOpen()).toBe(false);
  });
});
