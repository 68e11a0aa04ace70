import { createLRU } from 'lru.min';
import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { MintRequest } from '../core/requests.ts';
import { untilAborted } from '../core/until-aborted.ts';
import { type CacheEntry, instantOf, remainingMs } from './cache-entry.ts';
import { keyOf } from './cache-key.ts';
import type { Deadline } from './deadline.ts';
import { keptEntries } from './kept-entries.ts';
import type { Obtain, Want } from './obtain.ts';
import type { KeepingSource, Source } from './source.ts';

/** How credentials are kept. */
export interface CacheSettings {
  readonly maxEntries: number;
  /** Whether the callers of a grant may be given each other's credentials. */
  shareable(grant: string): boolean;
  /** A digest of the account of that name as it is configured now. */
  fingerprint(account: string): string;
  /** For a mint that many callers wait for: it must not end when the first of them gives up. */
  deadline(): Deadline;
}

/** What happened to the requests so far. */
export interface CacheCounts {
  hits: number;
  misses: number;
  coalesced: number;
  refreshes: number;
}

export interface Cache {
  readonly credentials: KeepingSource;
  readonly counts: Readonly<CacheCounts>;
  /** How many credentials are kept. */
  size(): number;
}

/** How long a cloud's refusal is kept, so that a caller in a loop does not reach the cloud each time. */
const refusalMs = 5_000;
const maxRefusals = 1_000;
/** After a refresh that failed. */
const refreshPauseMs = 30_000;

/** Only what the cloud itself said about this very request. */
const isLasting = (error: StsError): boolean =>
  error.detail.upstream !== undefined && !error.traits.retryable && error.traits.fault === 'caller';

/**
 * One credential for one request. An entry is given out until the expiration that the cloud gave, less a margin. A
 * caller that asks late in its life also starts a refresh, without waiting for it. Equal requests at the same time share
 * one mint.
 *
 * @example
 * const { credentials } = cache(demand, refresh, mintLocally(clock), clock, settings);
 */
export const cache = (
  demand: Source,
  refresh: Source,
  obtain: Obtain,
  clock: Clock,
  settings: CacheSettings,
): Cache => {
  const entries = keptEntries(settings.maxEntries);
  const refusals = createLRU<
    string,
    { readonly error: StsError /** By the monotonic clock. */; readonly until: number }
  >({ max: maxRefusals });
  const pending = new Map<string, Promise<CacheEntry>>();
  const counts: CacheCounts = { hits: 0, misses: 0, coalesced: 0, refreshes: 0 };
  const at = (): number => clock.monotonicMs();

  const mintShared = (key: string, request: MintRequest, want: Omit<Want, 'deadline'>): Promise<CacheEntry> => {
    const shared = obtain(key, request, { ...want, deadline: settings.deadline() })
      .then((entry) => {
        entries.set(key, entry);
        return entry;
      })
      .finally(() => pending.delete(key));
    pending.set(key, shared);
    return shared;
  };

  const startRefresh = (key: string, request: MintRequest, entry: CacheEntry): void => {
    if (pending.has(key)) return;
    counts.refreshes++;
    // Before anything is awaited, so that the next caller does not start another.
    entries.set(key, { ...entry, refreshAt: at() + refreshPauseMs });
    const isGood = (found: CacheEntry): boolean => found.mintedAt > entry.mintedAt;
    mintShared(key, request, { source: refresh, isGood, isAwaited: false }).catch(() => undefined);
  };

  const fetch = async (
    key: string,
    request: MintRequest,
    source: Source,
    isGood: (entry: CacheEntry) => boolean,
  ): Promise<CacheEntry> => {
    const refusal = refusals.get(key);
    if (refusal !== undefined && refusal.until > at()) throw refusal.error;
    const shared = pending.get(key);
    if (shared !== undefined) {
      counts.coalesced++;
      const entry = await shared;
      // It may have been minted for a caller that needs less remaining time.
      return isGood(entry) ? entry : fetch(key, request, source, isGood);
    }
    counts.misses++;
    return mintShared(key, request, { source, isGood, isAwaited: true }).catch((thrown: unknown) => {
      const error = StsError.from(thrown);
      if (isLasting(error)) refusals.set(key, { error, until: at() + refusalMs });
      throw error;
    });
  };

  return {
    counts,
    size: entries.size,
    credentials: async (request, deadline, whenKept) => {
      const key = keyOf(request, {
        shareable: settings.shareable(request.grant),
        account: settings.fingerprint(request.account),
      });
      if (key === undefined) return demand(request, deadline);
      const least = (request.minimumRemainingSeconds ?? 0) * 1000;
      const isGood = (entry: CacheEntry): boolean => {
        const leftMs = remainingMs(entry.expiresAt, instantOf(clock));
        return leftMs > entry.marginMs && leftMs >= least;
      };
      const entry = entries.get(key);
      if (entry !== undefined && isGood(entry)) {
        counts.hits++;
        whenKept?.();
        if (entry.refreshAt <= at()) startRefresh(key, request, entry);
        return entry.credentials;
      }
      // Nothing is better than what was minted after it was asked for, however short the cloud made it.
      const asked = clock.now().getTime();
      let isMinted = false;
      const own: Source = (...mint) => {
        isMinted = true;
        return demand(...mint);
      };
      const fresh = await untilAborted(
        fetch(key, request, own, (found) => isGood(found) || found.mintedAt >= asked),
        deadline,
      );
      if (!isMinted) whenKept?.();
      return fresh.credentials;
    },
  };
};
