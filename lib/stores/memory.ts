import { fairShares } from '../core/fair-shares.ts';
import type { Store } from '../core/store.ts';

/** A map with a limit, which knows without a scan whether any of its entries can have expired. */
const boundedMap = <Value>(limit: number, removed: (value: Value) => void = () => undefined) => {
  const entries = new Map<string, { readonly value: Value; readonly expiresAt: number }>();
  let earliest = Number.POSITIVE_INFINITY;

  const remove = (key: string): void => {
    const entry = entries.get(key);
    if (entries.delete(key) && entry !== undefined) removed(entry.value);
  };

  const sweep = (at: number): void => {
    if (earliest > at) return;
    earliest = Number.POSITIVE_INFINITY;
    for (const [key, { expiresAt }] of entries) {
      if (expiresAt <= at) remove(key);
      else earliest = Math.min(earliest, expiresAt);
    }
  };

  return {
    entries,
    remove,
    /** Forgets what has expired, if there can be anything. */
    sweep,
    /** Whether there is room for the key, once what has expired is gone. */
    hasRoom: (key: string, at: number): boolean => {
      if (entries.size >= limit && !entries.has(key)) sweep(at);
      return entries.size < limit || entries.has(key);
    },
    set: (key: string, value: Value, expiration: Date): void => {
      const expiresAt = expiration.getTime();
      entries.set(key, { value, expiresAt });
      earliest = Math.min(earliest, expiresAt);
    },
  };
};

/** A map whose entries belong to shares, of which none takes all the room. */
const sharedMap = <Value>(limit: number) => {
  interface Shared {
    readonly value: Value;
    readonly share: string | undefined;
  }
  const shares = fairShares(limit);
  const map = boundedMap<Shared>(limit, ({ share }) => shares.remove(share));

  return {
    remove: map.remove,
    /** An entry that has not expired. */
    live: (key: string, at: number) => {
      const entry = map.entries.get(key);
      return entry === undefined || entry.expiresAt <= at
        ? undefined
        : { value: entry.value.value, expiresAt: entry.expiresAt };
    },
    /** Puts an entry in place of one that has expired, or of none; returns whether there was room. */
    add: (key: string, value: Value, expiration: Date, at: number, share: string | undefined): boolean => {
      map.remove(key);
      if (!shares.hasRoom(share)) map.sweep(at);
      if (!shares.hasRoom(share)) return false;
      map.set(key, { value, share }, expiration);
      shares.add(share);
      return true;
    },
    /** Changes the value of an entry that there is. */
    change: (key: string, value: Value): void => {
      const entry = map.entries.get(key);
      if (entry !== undefined) map.set(key, { value, share: entry.value.share }, new Date(entry.expiresAt));
    },
  };
};

/**
 * Remembers in this process only. Bounded: when full, what has expired goes first; if nothing has, the oldest value
 * goes, but a claim or a counter is refused rather than another forgotten, as by a store that is down.
 */
export const memoryStore = (now: () => Date, maxEntries = 100_000): Store => {
  const values = boundedMap<string>(maxEntries);
  const claims = sharedMap<undefined>(maxEntries);
  const locks = sharedMap<undefined>(maxEntries);
  const counters = sharedMap<number>(maxEntries);

  const get = (key: string): string | undefined => {
    const entry = values.entries.get(key);
    if (entry === undefined || entry.expiresAt > now().getTime()) return entry?.value;
    values.entries.delete(key);
    return undefined;
  };

  const put = (key: string, value: string, expiration: Date): boolean => {
    const oldest = values.hasRoom(key, now().getTime()) ? undefined : values.entries.keys().next().value;
    if (oldest !== undefined) values.entries.delete(oldest);
    values.set(key, value, expiration);
    return true;
  };

  /**
   * Takes what one alone may have, if nobody has it. Without room nothing is known of the key: to say that another has it
   * would call a first request a replay.
   */
  const take = (from: typeof claims, key: string, expiration: Date, share?: string): boolean | undefined => {
    const at = now().getTime();
    if (from.live(key, at) !== undefined) return false;
    return from.add(key, undefined, expiration, at, share) ? true : undefined;
  };

  return {
    get: async (key) => get(key),

    put: async (key, value, expiration) => put(key, value, expiration),

    lock: async (key, expiration) => {
      const isOurs = take(locks, key, expiration);
      if (isOurs === undefined) return undefined;
      return isOurs ? { isOurs, value: get(key) } : { isOurs };
    },

    putAndUnlock: async (key, value, expiration) => {
      locks.remove(key);
      return put(key, value, expiration);
    },

    unlock: async (key) => {
      locks.remove(key);
    },

    acquire: async (key, expiration, share) => take(claims, key, expiration, share),

    release: async (key) => {
      claims.remove(key);
    },

    consume: async (key, amount, limit, expiration, share) => {
      const at = now().getTime();
      const live = counters.live(key, at);
      const taken = live?.value ?? 0;
      const granted = Math.max(0, Math.min(amount, limit - taken));
      if (granted === 0) return 0;
      if (live !== undefined) counters.change(key, taken + granted);
      else if (!counters.add(key, granted, expiration, at, share)) return undefined;
      return granted;
    },
  };
};
