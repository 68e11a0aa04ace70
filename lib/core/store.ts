/**
 * A small map that forgets, shared by every instance that is configured alike. Nothing here rejects: a store that is
 * down, slow or full has forgotten, and promises nothing. So an outage of the store is a miss for who reads, and a
 * refusal for who wants something that only one may have. Values, claims and counters of one key are three things.
 */
export interface Store {
  /** The value put last, until its expiration; `undefined` from a store that is down. */
  get(key: string): Promise<string | undefined>;
  /** Whether the value is kept; false from a store that is down. */
  put(key: string, value: string, expiration: Date): Promise<boolean>;
  /**
   * True for exactly one of those who race for a key, until its expiration. A store that is down says false, and may
   * all the same have heard the claim: then nobody has the key until it expires.
   */
  acquire(key: string, expiration: Date): Promise<boolean>;
  /**
   * Gives a claim back before it expires, if the store can be reached. For its holder alone, and not after its
   * expiration, when it may be another's.
   */
  release(key: string): Promise<void>;
  /**
   * Adds up to `amount` to the key's counter, never beyond `most`, and says how much it added; 0 from a store that is
   * down. Whole numbers. The counter is nothing again at the expiration that its first taker gave.
   */
  consume(key: string, amount: number, most: number, expiration: Date): Promise<number>;
}

/** A store that holds a file or a connection open until it is closed. */
export interface OpenStore extends Store {
  close(): Promise<void>;
}
