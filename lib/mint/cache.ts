import { createLRU } from 'lru.min';
import type { Clock } from '../core/clock.ts';
import type { Credentials } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import type { MintRequest } from '../core/requests.ts';
import { keyOf } from './cache-key.ts';
import type { Deadline, Source } from './cloud-source.ts';
import { untilAborted } from './deadline.ts';
import type { Entry } from './entry.ts';
import type { Obtain } from './shared.ts';

/** What keeping needs to know. */
export interface CacheSettings {
  readonly mostEntries: number;
  /** Whether the callers of a grant may be given each other's credentials. */
  shareable(grant: string): boolean;
  /** A patience of our own: what many wait for must not end when the first of them gives up. */
  patience(): Deadline;
}

/** What happened to the requests so far. */
export interface CacheCounts {
  hits: number;
  misses: number;
  coalesced: number;
  refreshes: number;
}

export interface Cache {
  readonly credentials: (request: MintRequest, deadline: Deadline) => Promise<Credentials>;
  readonly counts: Readonly<CacheCounts>;
  /** How many credentials are kept. */
  size(): number;
}

/** A cloud's no is remembered for so long, in milliseconds: a loop that asks again is not heard there. */
const refusalLife = 5_000;
const mostRefusals = 1_000;
/** After a refresh that failed. */
const refreshPause = 30_000;

/** Only what the cloud itself said about this very question. */
const isLasting = (error: StsError): boolean =>
  error.detail.upstream !== undefined && !error.traits.retryable && error.traits.fault === 'caller';

/**
 * One credential for one question. What is kept lives until the expiration that the cloud gave, less a margin; who
 * asks in its last third also starts a refresh and is not kept waiting; those who ask at once wait for one answer.
 */
export const cache = (
  demand: Source,
  refresh: Source,
  obtain: Obtain,
  clock: Clock,
  settings: CacheSettings,
): Cache => {
  const entries = createLRU<string, Entry>({ max: settings.mostEntries });
  const refusals = createLRU<string, { readonly error: StsError; readonly until: number }>({ max: mostRefusals });
  const flights = new Map<string, Promise<Entry>>();
  const counts: CacheCounts = { hits: 0, misses: 0, coalesced: 0, refreshes: 0 };
  const at = (): number => clock.now().getTime();

  const fly = (
    key: string,
    request: MintRequest,
    source: Source,
    isGood: (entry: Entry) => boolean,
  ): Promise<Entry> => {
    const flight = obtain(key, request, source, settings.patience(), isGood)
      .then((entry) => {
        entries.set(key, entry);
        return entry;
      })
      .finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };

  const startRefresh = (key: string, request: MintRequest, entry: Entry): void => {
    if (flights.has(key)) return;
    counts.refreshes++;
    // Before anything is awaited, so that whoever asks next does not start another.
    entry.refreshAt = at() + refreshPause;
    fly(key, request, refresh, (found) => found.mintedAt > entry.mintedAt).catch(() => undefined);
  };

  const fetch = async (key: string, request: MintRequest, isGood: (entry: Entry) => boolean): Promise<Entry> => {
    const refusal = refusals.get(key);
    if (refusal !== undefined && refusal.until > at()) throw refusal.error;
    const flight = flights.get(key);
    if (flight !== undefined) {
      counts.coalesced++;
      const entry = await flight;
      // It may have been a refresh for somebody who needed less.
      return isGood(entry) ? entry : fetch(key, request, isGood);
    }
    counts.misses++;
    return fly(key, request, demand, isGood).catch((thrown: unknown) => {
      const error = StsError.from(thrown);
      if (isLasting(error)) refusals.set(key, { error, until: at() + refusalLife });
      throw error;
    });
  };

  return {
    counts,
    size: () => entries.size,
    credentials: async (request, deadline) => {
      const key = keyOf(request, settings.shareable(request.grant));
      if (key === undefined) return demand(request, deadline);
      const least = (request.minimumRemainingSeconds ?? 0) * 1000;
      const isGood = (entry: Entry): boolean =>
        entry.usableUntil > at() && entry.credentials.expiration.getTime() - at() >= least;
      const entry = entries.get(key);
      if (entry !== undefined && isGood(entry)) {
        counts.hits++;
        if (entry.refreshAt <= at()) startRefresh(key, request, entry);
        return entry.credentials;
      }
      // What was minted after it was asked for is as good as it gets, however short the cloud made it.
      const asked = at();
      const fresh = await untilAborted(
        fetch(key, request, (found) => isGood(found) || found.mintedAt >= asked),
        deadline,
      );
      return fresh.credentials;
    },
  };
};
