import { createLRU } from 'lru.min';
import type { CacheEntry } from './cache-entry.ts';
import { packEntry, unpackEntry } from './packed-entry.ts';

/** The entries that are kept, by key; if there are too many, the one that was used least recently goes. */
export interface KeptEntries {
  get(key: string): CacheEntry | undefined;
  set(key: string, entry: CacheEntry): void;
  size(): number;
}

/** A table that grows is written anew, during which nobody is answered: of so many entries that is a few milliseconds. */
const maxTableEntries = 65_536;

/** Of those that are asked for most, as many stay unpacked. */
const maxUnpacked = 1_000;

/** Which of so many tables has a key. */
const tableOf = (key: string, tables: number): number => {
  let sum = 0;
  for (let index = 0; index < 6; index++) sum = (Math.imul(sum, 31) + key.charCodeAt(index)) | 0;
  return (sum >>> 0) % tables;
};

/**
 * Keeps at most so many entries, each as one compact text: a million take some 700 MB. Keys must be digests, so that the
 * tables have about as many each.
 *
 * @example
 * const kept = keptEntries(1_000_000);
 * kept.set(key, entry);
 */
export const keptEntries = (max: number): KeptEntries => {
  const count = Math.ceil(max / maxTableEntries);
  const most = Math.floor(max / count);
  // A Map has its keys in the order in which they were set; those used last are set anew.
  const tables = Array.from({ length: count }, () => new Map<string, string>());
  const unpacked = createLRU<string, { readonly packed: string; readonly entry: CacheEntry }>({ max: maxUnpacked });
  const tableFor = (key: string): Map<string, string> => tables[tableOf(key, count)] as Map<string, string>;
  return {
    get: (key) => {
      const table = tableFor(key);
      const packed = table.get(key);
      if (packed === undefined) return undefined;
      table.delete(key);
      table.set(key, packed);
      const known = unpacked.get(key);
      if (known?.packed === packed) return known.entry;
      const entry = unpackEntry(packed);
      unpacked.set(key, { packed, entry });
      return entry;
    },
    set: (key, entry) => {
      const table = tableFor(key);
      table.delete(key);
      if (table.size >= most) table.delete(table.keys().next().value ?? '');
      table.set(key, packEntry(entry));
    },
    size: () => tables.reduce((sum, { size }) => sum + size, 0),
  };
};
