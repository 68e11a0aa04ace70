import type { Clock } from '../core/clock.ts';
import type { Store } from '../core/store.ts';
import type { Deadline } from './deadline.ts';

/** How long one mint waits for the store, all its round trips together, in milliseconds. */
const maxStoreMs = 3_000;

/** What a mint asks of the store. */
export type MintStore = Pick<Store, 'get' | 'lock' | 'putAndUnlock' | 'unlock'>;

/**
 * A store for one mint: once the mint has waited for it for so long, or its deadline is over, it answers as one that is
 * down. What was put or unlocked by then is still sent, and not waited for.
 *
 * @example
 * const trips = withStoreDeadline(store, clock, deadline);
 * const found = await trips.get('credentials …');
 */
export const withStoreDeadline = (
  store: MintStore,
  clock: Pick<Clock, 'monotonicMs' | 'now' | 'sleep'>,
  { signal }: Deadline,
): MintStore => {
  let leftMs = maxStoreMs;

  const inTime = async <Value>(
    down: Value,
    asked: Promise<Value>,
    late: (value: Value) => void = () => undefined,
  ): Promise<Value> => {
    const began = clock.monotonicMs();
    const answered = new AbortController();
    const over = clock.sleep(leftMs, AbortSignal.any([signal, answered.signal])).then(() => {
      if (!answered.signal.aborted) void asked.then(late);
      return down;
    });
    try {
      return await Promise.race([asked, over]);
    } finally {
      // A reason of our own: the default is an error with a stack.
      answered.abort('answered');
      leftMs = Math.max(0, leftMs - (clock.monotonicMs() - began));
    }
  };

  const isOver = (): boolean => leftMs <= 0 || signal.aborted;

  return {
    get: async (key) => (isOver() ? undefined : inTime(undefined, store.get(key))),
    lock: async (key, expiration) => {
      if (isOver()) return undefined;
      return inTime(undefined, store.lock(key, expiration), (lock) => {
        // Nobody holds what was won too late; after its expiration it may be another's.
        if (lock?.isOurs === true && clock.now() < expiration) void store.unlock(key);
      });
    },
    putAndUnlock: (...all) => inTime(false, store.putAndUnlock(...all)),
    unlock: (key) => inTime(undefined, store.unlock(key)),
  };
};
