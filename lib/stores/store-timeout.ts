import type { Store } from '../core/store.ts';

/** How long to wait for a store, and what to do when the time is over. */
export interface StoreTimeout {
  readonly milliseconds: number;
  readonly now: () => Date;
  /** Called when the time is over, for instance to close a connection that hangs. */
  readonly cutOff?: () => void;
}

/** Answers as a store that is down, as the port means it, if the store fails or exceeds the timeout. */
export const withStoreTimeout = (store: Store, timeout?: StoreTimeout): Store => {
  const or = async <Value>(down: Value, ask: () => Promise<Value>, late?: (value: Value) => void): Promise<Value> => {
    try {
      return timeout === undefined ? await ask() : await withTimeout(timeout, down, ask(), late);
    } catch {
      return down;
    }
  };

  return {
    get: (key) => or(undefined, () => store.get(key)),
    put: (key, value, expiration) => or(false, () => store.put(key, value, expiration)),
    acquire: (key, expiration) =>
      or(
        false,
        () => store.acquire(key, expiration),
        // The caller was told no, so no one holds what was won too late. A process that was frozen meanwhile, as
        // functions are, may see the reply long after the claim became another's.
        (won) => {
          if (won && timeout !== undefined && timeout.now() < expiration) store.release(key).catch(() => undefined);
        },
      ),
    release: (key) => or(undefined, () => store.release(key)),
    consume: (key, amount, limit, expiration) => or(0, () => store.consume(key, amount, limit, expiration)),
  };
};

const withTimeout = <Value>(
  { milliseconds, cutOff }: StoreTimeout,
  down: Value,
  answer: Promise<Value>,
  late: (value: Value) => void = () => undefined,
): Promise<Value> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(down);
      answer.then(late, () => undefined);
      cutOff?.();
    }, milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
