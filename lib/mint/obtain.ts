import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { MintRequest } from '../core/requests.ts';
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
import { type MintStore, withStoreDeadline } from './store-deadline.ts';

/** How long one instance alone mints for a key. If it dies, another takes over after that. */
const lockMs = 12_000;
const firstPauseMs = 20;
const maxPauseMs = 400;

/** What a mint is for. */
export interface Want {
  readonly source: Source;
  readonly deadline: Deadline;
  isGood(entry: CacheEntry): boolean;
  /** Whether a caller waits for it. */
  readonly isAwaited: boolean;
}

/** Obtains the entry for a key: one that another instance has minted and that is good, or a new one. */
export type Obtain = (key: string, request: MintRequest, want: Want) => Promise<CacheEntry>;

const contextOf = (clock: Clock): EntryContext => ({ now: instantOf(clock), chance: clock.chance() });

/** For a process that shares its store with no other: it mints. */
export const mintLocally =
  (clock: Clock): Obtain =>
  async (_key, request, { source, deadline }) =>
    entryOf(await source(request, deadline), request.durationSeconds, contextOf(clock));

/**
 * For instances that share a store: the one that locks the key's value mints, and the others read its sealed result. If
 * the store is down, each mints for itself: better twice than not at all. A mint waits for three trips: it reads; it
 * locks, and meanwhile `expect` has the quota reserve a call; it puts and unlocks.
 */
export const mintOnceAcrossInstances = (
  store: MintStore,
  clock: Clock,
  expect: (request: MintRequest) => void,
): Obtain => {
  const mint = mintLocally(clock);
  const entryIn = (text: string | undefined): CacheEntry | undefined => {
    const minted = text === undefined ? undefined : readMinted(text);
    return minted && entryOfMinted(minted, contextOf(clock));
  };

  return async (key, request, want) => {
    const { deadline, isGood, isAwaited } = want;
    const name = `credentials ${key}`;
    /** Anew in each turn of those who wait for another instance: it is not the store that they wait for. */
    let trips = store;
    const mintForAll = async (until: Date): Promise<CacheEntry> => {
      let isUnlocked = false;
      // A lock that has run out may be another instance's by now, and is not ours to take away.
      const isLocked = (): boolean => !isUnlocked && clock.now() < until;
      try {
        const entry = await mint(key, request, want);
        const end = new Date(Math.max(entry.expiresAt.wall - entry.marginMs, 0));
        if (isLocked()) isUnlocked = await trips.putAndUnlock(name, writeMinted(entry), end);
        return entry;
      } finally {
        if (isLocked()) await trips.unlock(name);
      }
    };
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      trips = withStoreDeadline(store, clock, deadline);
      const found = entryIn(await trips.get(name));
      if (found !== undefined && isGood(found)) return found;
      const until = new Date(clock.now().getTime() + lockMs);
      if (isAwaited && pauseMs === firstPauseMs) expect(request);
      const lock = await trips.lock(name, until);
      if (lock === undefined) return mint(key, request, want);
      if (lock.isOurs) {
        // The holder before us may have put its result between our read and our lock.
        const again = entryIn(lock.value);
        if (again === undefined || !isGood(again)) return mintForAll(until);
        if (clock.now() < until) await trips.unlock(name);
        return again;
      }
      await clock.sleep(pauseMs * (0.5 + clock.chance()), deadline.signal);
      if (deadline.signal.aborted)
        throw new StsError('CloudUnavailable', 'Another instance is still asking the cloud.');
    }
  };
};
