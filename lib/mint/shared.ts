import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { MintRequest } from '../core/requests.ts';
import type { Store } from '../core/store.ts';
import type { Deadline, Source } from './cloud-source.ts';
import { type Entry, entryOf, readEntry, writeEntry } from './entry.ts';

/** How long one instance has a key to itself: if it dies, another takes over after that. */
const claimMilliseconds = 12_000;
const firstLook = 20;
const longestLook = 400;

/** Obtains an entry for a key, from whoever has minted it, or by minting it for everybody. */
export type Obtain = (
  key: string,
  request: MintRequest,
  source: Source,
  deadline: Deadline,
  isGood: (entry: Entry) => boolean,
) => Promise<Entry>;

/** For one process alone: it mints. */
export const mintLocally =
  (clock: Clock): Obtain =>
  async (_key, request, source, deadline) =>
    entryOf(await source(request, deadline), clock.now().getTime(), clock.chance());

/**
 * For many instances that share a store: one of those who want a key claims it and mints, the others read its sealed
 * result. Where the store is down each mints for itself: better twice than not at all.
 */
export const mintOnceAcrossInstances = (store: Store, clock: Clock): Obtain => {
  const alone = mintLocally(clock);
  const later = (milliseconds: number): Date => new Date(clock.now().getTime() + milliseconds);
  const look = async (key: string): Promise<Entry | undefined> => {
    const text = await store.get(`credentials ${key}`);
    return text === undefined ? undefined : readEntry(text, clock.chance());
  };

  return async (key, request, source, deadline, isGood) => {
    const claim = `mint ${key}`;
    /** A claim that has run out may be another's by now, and is not ours to give back. */
    const giveBack = async (until: Date): Promise<void> => {
      if (clock.now() < until) await store.release(claim);
    };
    const mine = async (until: Date): Promise<Entry> => {
      try {
        const entry = await alone(key, request, source, deadline, isGood);
        await store.put(`credentials ${key}`, writeEntry(entry), new Date(Math.max(entry.usableUntil, 0)));
        return entry;
      } finally {
        await giveBack(until);
      }
    };
    for (let pause = firstLook; ; pause = Math.min(pause * 2, longestLook)) {
      const found = await look(key);
      if (found !== undefined && isGood(found)) return found;
      const until = later(claimMilliseconds);
      if (await store.acquire(claim, until)) {
        // Whoever had the claim before may have put its result between our look and our claim.
        const again = await look(key);
        if (again === undefined || !isGood(again)) return mine(until);
        await giveBack(until);
        return again;
      }
      // At first, and again while we wait: a store that goes down meanwhile would be waited for in vain.
      if ((pause === firstLook || pause === longestLook) && !(await store.put(`reached ${claim}`, '1', later(1000)))) {
        return alone(key, request, source, deadline, isGood);
      }
      await clock.sleep(pause * (0.5 + clock.chance()), deadline.signal);
      if (deadline.signal.aborted)
        throw new StsError('CloudUnavailable', 'Another instance is still asking the cloud.');
    }
  };
};
