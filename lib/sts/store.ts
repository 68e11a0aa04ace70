/** A small map that forgets. Values are sealed before they get here; a store never sees a secret. */
export interface Store {
  /** A store that cannot be reached has forgotten: undefined, never an outage. */
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string, expiration: Date): Promise<void>;
  /** True for exactly one of those who race for a key. A store that cannot be reached says false. */
  claim(key: string, expiration: Date): Promise<boolean>;
}
