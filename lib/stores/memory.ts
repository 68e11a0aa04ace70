import type { Store } from '../core/store.ts';

/** A map with a limit, which knows without a scan whether any of its entries can have expired. */
const boundedMap = <Value>(limit: number) => {
  const entries = new Map<string, { readonly value: Value; readonly expiresAt: number }>();
  let earliest = Number.POSITIVE_INFINITY;

  const sweep = (at: number): void => {
    if (earliest > at) return;
    earliest = Number.POSITIVE_INFINITY;
    for (const [key, { expiresAt }] of entries) {
      if (expiresAt <= at) entries.delete(key);
      else earliest = Math.min(earliest, expiresAt);
    }
  };

  return {
    entries,
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
 * Remembers in this process only. Bounded: when full, what has expired goes first; if nothing has, the oldest value
 * goes, but a claim or a counter is refused rather than another forgotten.
 */
export const memoryStore = (now: () => Date, maxEntries = 100_000): Store => {
  const values = boundedMap<string>(maxEntries);
  const claims = boundedMap<true>(maxEntries);
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

    acquire: async (key, expiration) => {
      const at = now().getTime();
      const taken = claims.entries.get(key);
      if (taken !== undefined && taken.expiresAt > at) return false;
      if (!claims.hasRoom(key, at)) return false;
      claims.set(key, true, expiration);
      return true;
    },

    release: async (key) => {
      claims.entries.delete(key);
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
