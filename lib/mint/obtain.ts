import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { MintRequest } from '../core/requests.ts';
import type { Store } from '../core/store.ts';
import {
  type CacheEntry,
  type EntryContext,
  entryOf,
  entryOfMinted,
  instantOf,
  readMinted,
  writeMinted,
} from './cache-entry.ts';
import type { Deadline } from './deadline.ts';
import type { Source } from './source.ts';
import { withStoreDeadline } from './store-deadline.ts';

/** How long one instance alone mints for a key. If it dies, another takes over after that. */
const claimMs = 12_000;
const firstPauseMs = 20;
const maxPauseMs = 400;

/** Obtains the entry for a key: one that another instance has minted and that is good, or a new one. */
export type Obtain = (
  key: string,
  request: MintRequest,
  source: Source,
  deadline: Deadline,
  isGood: (entry: CacheEntry) => boolean,
) => Promise<CacheEntry>;

const contextOf = (clock: Clock): EntryContext => ({ now: instantOf(clock), chance: clock.chance() });

/** For a process that shares its store with no other: it mints. */
export const mintLocally =
  (clock: Clock): Obtain =>
  async (_key, request, source, deadline) =>
    entryOf(await source(request, deadline), request.durationSeconds, contextOf(clock));

/**
 * For instances that share a store: the one that acquires the key's claim mints, and the others read its sealed result.
 * If the store is down, each mints for itself: better twice than not at all.
 */
export const mintOnceAcrossInstances = (store: Store, clock: Clock): Obtain => {
  const mint = mintLocally(clock);
  const later = (milliseconds: number): Date => new Date(clock.now().getTime() + milliseconds);

  return async (key, request, source, deadline, isGood) => {
    const claim = `mint ${key}`;
    /** Anew in each turn of those who wait for another instance: it is not the store that they wait for. */
    let trips = store;
    const read = async (): Promise<CacheEntry | undefined> => {
      const text = await trips.get(`credentials ${key}`);
      const minted = text === undefined ? undefined : readMinted(text);
      return minted && entryOfMinted(minted, contextOf(clock));
    };
    /** A claim that has run out may be another instance's by now, and is not ours to release. */
    const release = async (until: Date): Promise<void> => {
      if (clock.now() < until) await trips.release(claim);
    };
    const mintForAll = async (until: Date): Promise<CacheEntry> => {
      try {
        const entry = await mint(key, request, source, deadline, isGood);
        await trips.put(`credentials ${key}`, writeMinted(entry), new Date(Math.max(entry.usableUntil.wall, 0)));
        return entry;
      } finally {
        await release(until);
      }
    };
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      trips = withStoreDeadline(store, clock, deadline);
      const found = await read();
      if (found !== undefined && isGood(found)) return found;
      const until = later(claimMs);
      const isOurs = await trips.acquire(claim, until);
      if (isOurs === undefined) return mint(key, request, source, deadline, isGood);
      if (isOurs) {
        // The holder before us may have put its result between our read and our claim.
        const again = await read();
        if (again === undefined || !isGood(again)) return mintForAll(until);
        await release(until);
        return again;
      }
      await clock.sleep(pauseMs * (0.5 + clock.chance()), deadline.signal);
      if (deadline.signal.aborted)
        throw new StsError('CloudUnavailable', 'Another instance is still asking the cloud.');
    }
  };
};
