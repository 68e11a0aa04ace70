import type { Clock } from '../sts/clock.ts';
import type { Account } from '../sts/cloud.ts';
import type { Credentials, Identity } from '../sts/credentials.ts';
import type { MintRequest } from '../sts/requests.ts';
import type { Store } from '../sts/store.ts';
import { attempts } from './attempts.ts';
import { type CacheCounts, type CacheSettings, cache } from './cache.ts';
import { type Ceiling, quota } from './quota.ts';
import { obtainAlone, obtainShared } from './shared.ts';
import type { CloudSource, Patience, Source } from './source.ts';

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
  /** Who an account's own key is at its cloud. */
  identity(account: Account, patience: Patience): Promise<Identity>;
  readonly counts: Readonly<CacheCounts>;
}

/** Cache, then coalesce, then quota, then the cloud; and again, where that may help. */
export const createMint = (rooms: MintRooms): Mint => {
  const { clouds, clock, store } = rooms;
  const counted = quota(rooms.ceiling, store, clock);
  const demand = attempts(counted.counted(clouds.credentials, 'demand'), clock);
  const refresh = counted.counted(clouds.credentials, 'refresh');
  const obtain = rooms.shared ? obtainShared(store, clock) : obtainAlone(clock);
  const kept = cache(demand, refresh, obtain, clock, rooms.cache);
  return {
    credentials: async (request, patience) =>
      rooms.accounts.get(request.account)?.cloud === 'authority'
        ? rooms.issue(request, clock.now())
        : kept.credentials(request, patience),
    identity: clouds.identity,
    counts: kept.counts,
  };
};
