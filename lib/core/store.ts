/**
 * A small map whose entries expire, shared by every instance that has the same configuration. No method rejects: a store
 * that is down, slow or full answers as if it had no entry, or `undefined`. So an outage of the store is a miss for a
 * reader, and a refusal for a caller that wants something only one may have. Values, locks, claims and counters
 * are kept apart, even under the same key.
 *
 * @example
 * ```ts
 * if (await store.acquire('refresh demo', new Date(now + 30_000))) {
 *   await store.put('lease demo', JSON.stringify(lease), lease.expiration);
 *   await store.release('refresh demo');
 * }
 * ```
 */
export interface Store {
  /** The value put last, until its expiration. Returns undefined if there is none or the store is down. */
  get(key: string): Promise<string | undefined>;
  /** Returns whether the value is kept; false if the store is down. */
  put(key: string, value: string, expiration: Date): Promise<boolean>;
  /**
   * Locks the value of a key until the expiration, for one that makes it anew, and reads the value once it is locked: both in one
   * trip. The value can be read and put meanwhile. Returns undefined if the store is down, as `acquire` does.
   */
  lock(key: string, expiration: Date): Promise<Lock | undefined>;
  /** Puts the value and unlocks it, both or neither, in one trip. Only the holder may call it, and not after the lock's expiration. */
  putAndUnlock(key: string, value: string, expiration: Date): Promise<boolean>;
  /** Unlocks the value as it is, as `release` gives back a claim. */
  unlock(key: string): Promise<void>;
  /**
   * Claims a key until the expiration. Returns true for exactly one of those who race for it. Returns undefined if the
   * store is down, which may have recorded the claim all the same: then no one has the key until it expires; or if it has
   * no room. A store that has room for a certain number of claims does not let those of one `share`, as of one caller,
   * take it from the others.
   */
  acquire(key: string, expiration: Date, share?: string): Promise<boolean | undefined>;
  /**
   * Gives a claim back before it expires, if the store can be reached. Only the holder may call it, and not after the
   * expiration, when the claim may belong to another.
   */
  release(key: string): Promise<void>;
  /**
   * Adds up to `amount` to the key's counter, never beyond `limit`, and returns how much it added; undefined if the
   * store is down or has no room. Whole numbers. The counter starts again from 0 at the expiration that the first call gave. It
   * is bounded by `share` as claims are.
   */
  consume(key: string, amount: number, limit: number, expiration: Date, share?: string): Promise<number | undefined>;
}

/** What came of a lock: it is ours, with the value that is there, or another's. */
export type Lock = { readonly isOurs: true; readonly value: string | undefined } | { readonly isOurs: false };

/** A store that holds a file or a connection open until it is closed. */
export interface OpenStore extends Store {
  close(): Promise<void>;
}
