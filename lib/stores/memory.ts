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

/**
 * The claims. Those of one share may take as much as is free besides, which is half of the room if nobody else has any:
 * so there is always room for another share, and nothing is set aside for shares that do not ask.
 */
const boundedClaims = (limit: number) => {
  const counts = new Map<string, number>();
  const count = (share: string | undefined, change: 1 | -1): void => {
    if (share === undefined) return;
    const left = (counts.get(share) ?? 0) + change;
    if (left === 0) counts.delete(share);
    else counts.set(share, left);
  };
  const map = boundedMap<string | undefined>(limit, (share) => count(share, -1));
  const isFull = (share: string | undefined): boolean => {
    const free = limit - map.entries.size;
    return free <= 0 || (share !== undefined && (counts.get(share) ?? 0) >= free);
  };

  return {
    release: map.remove,
    /** Whether the claim was free, and there was room for it. */
    acquire: (key: string, expiration: Date, at: number, share: string | undefined): boolean => {
      const taken = map.entries.get(key);
      if (taken !== undefined && taken.expiresAt > at) return false;
      map.remove(key);
      if (isFull(share)) map.sweep(at);
      if (isFull(share)) return false;
      map.set(key, share, expiration);
      count(share, 1);
      return true;
    },
  };
};

/**
 * Remembers in this process only. Bounded: when full, what has expired goes first; if nothing has, the oldest value
 * goes, but a claim or a counter is refused rather than another forgotten.
 */
export const memoryStore = (now: () => Date, maxEntries = 100_000): Store => {
  const values = boundedMap<string>(maxEntries);
  const claims = boundedClaims(maxEntries);
  const counters = boundedMap<number>(maxEntries);

  return {
    get: async (key) => {
      const entry = values.entries.get(key);
      if (entry === undefined || entry.expiresAt > now().getTime()) return entry?.value;
      values.entries.delete(key);
      return undefined;
    },

    put: async (key, value, expiration) => {
      const oldest = values.hasRoom(key, now().getTime()) ? undefined : values.entries.keys().next().value;
      if (oldest !== undefined) values.entries.delete(oldest);
      values.set(key, value, expiration);
      return true;
    },

    acquire: async (key, expiration, share) => claims.acquire(key, expiration, now().getTime(), share),

    release: async (key) => {
      claims.release(key);
    },

    consume: async (key, amount, limit, expiration) => {
      const at = now().getTime();
      const entry = counters.entries.get(key);
      const live = entry !== undefined && entry.expiresAt > at ? entry : undefined;
      const taken = live?.value ?? 0;
      const granted = Math.max(0, Math.min(amount, limit - taken));
      if (granted === 0 || !counters.hasRoom(key, at)) return 0;
      counters.set(key, taken + granted, live === undefined ? expiration : new Date(live.expiresAt));
      return granted;
    },
  };
};
