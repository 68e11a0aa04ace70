import type { Store } from '../sts/store.ts';

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

/**
 * Remembers in this process only. Bounded: when full, what has expired goes first; if nothing has, the oldest value
 * goes, but a claim is refused rather than another claim forgotten.
 */
export const memoryStore = (now: () => Date, mostEntries = 100_000): Store => {
  const values = new Map<string, Entry>();
  const claims = new Map<string, number>();

  const sweep = (): void => {
    const at = now().getTime();
    for (const [key, { expiresAt }] of values) if (expiresAt <= at) values.delete(key);
    for (const [key, expiresAt] of claims) if (expiresAt <= at) claims.delete(key);
  };

  return {
    get: async (key) => {
      const entry = values.get(key);
      if (entry === undefined || entry.expiresAt > now().getTime()) return entry?.value;
      values.delete(key);
      return undefined;
    },

    put: async (key, value, expiration) => {
      if (values.size >= mostEntries && !values.has(key)) {
        sweep();
        const oldest = values.size < mostEntries ? undefined : values.keys().next().value;
        if (oldest !== undefined) values.delete(oldest);
      }
      values.set(key, { value, expiresAt: expiration.getTime() });
    },

    claim: async (key, expiration) => {
      const taken = claims.get(key);
      if (taken !== undefined && taken > now().getTime()) return false;
      if (claims.size >= mostEntries) sweep();
      if (claims.size >= mostEntries) return false;
      claims.set(key, expiration.getTime());
      return true;
    },
  };
};
