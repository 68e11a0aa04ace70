import type { Clock } from '../sts/clock.ts';
import type { Account } from '../sts/cloud.ts';
import type { Credentials, Identity } from '../sts/credentials.ts';
import type { MintRequest } from '../sts/requests.ts';
import type { Store } from '../sts/store.ts';
import { attempts } from './attempts.ts';
import { breaker } from './breaker.ts';
import { type CacheSettings, cache } from './cache.ts';
import { type Ceiling, quota } from './quota.ts';
import { obtainAlone, obtainShared } from './shared.ts';
import type { CloudSource, Patience, Source } from './source.ts';
import { type MintReadings, tally } from './tally.ts';
import { hurried } from './within.ts';

/** What minting is made of. */
export interface MintRooms {
  readonly accounts: ReadonlyMap<string, Account>;
  /** The built-in authority, for the account whose cloud it is. It answers at once, and each time anew. */
  readonly issue: (request: MintRequest, now: Date) => Credentials;
  readonly clouds: CloudSource;
  readonly ceiling: Ceiling;
  readonly store: Store;
  /** Whether other instances have the same store. */
  readonly shared: boolean;
  readonly cache: CacheSettings;
  readonly clock: Clock;
}

export interface Mint {
  readonly credentials: Source;
  /** Past the cache, and within what keeping fresh may take of an account's calls: for leases, for whom nobody waits. */
  readonly fresh: Source;
  /** Who an account's own key is at its cloud. */
  identity(account: Account, patience: Patience): Promise<Identity>;
  readings(): MintReadings;
}

/** Cache, then coalesce, then quota, then the cloud; and again, where that may help. */
export const createMint = (rooms: MintRooms): Mint => {
  const { clouds, clock, store } = rooms;
  const calls = tally(clock);
  const waits = tally(clock);
  const counted = quota(rooms.ceiling, store, clock, waits);
  const circuits = breaker(clock);
  const called = calls.counted(hurried(clouds.credentials, clock));
  const demand = attempts(circuits.guarded(counted.counted(called, 'demand')), clock);
  // A refresh is no caller's last hope: it is not tried again, and a cloud that is down is not asked for it.
  const refresh = circuits.guarded(counted.counted(called, 'refresh'));
  const fresh = attempts(refresh, clock);
  const obtain = rooms.shared ? obtainShared(store, clock) : obtainAlone(clock);
  const kept = cache(demand, refresh, obtain, clock, rooms.cache);
  const orIssued =
    (source: Source): Source =>
    async (request, patience) =>
      rooms.accounts.get(request.account)?.cloud === 'authority'
        ? rooms.issue(request, clock.now())
        : source(request, patience);
  return {
    credentials: orIssued(kept.credentials),
    fresh: orIssued(fresh),
    identity: clouds.identity,
    readings: () => ({
      cache: kept.counts,
      entries: kept.size(),
      calls: calls.entries,
      waits: waits.entries,
      resting: circuits.states(),
    }),
  };
};
