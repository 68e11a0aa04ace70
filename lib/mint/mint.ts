import type { Clock } from '../core/clock.ts';
import type { Account } from '../core/cloud.ts';
import type { Credentials, Identity } from '../core/credentials.ts';
import type { MintRequest } from '../core/requests.ts';
import type { Store } from '../core/store.ts';
import { type CacheSettings, cache } from './cache.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import type { CloudSource, Deadline, Source } from './cloud-source.ts';
import { counters, type MintStats } from './counters.ts';
import { withTimeout } from './deadline.ts';
import { type Ceiling, quota } from './quota.ts';
import { retry } from './retry.ts';
import { mintLocally, mintOnceAcrossInstances } from './shared.ts';

/** What minting is made of. */
export interface MintDeps {
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
  identity(account: Account, deadline: Deadline): Promise<Identity>;
  stats(): MintStats;
}

/** Cache, then coalesce, then quota, then the cloud; and again, where that may help. */
export const createMint = (brokerDeps: MintDeps): Mint => {
  const { clouds, clock, store } = brokerDeps;
  const calls = counters(clock);
  const waits = counters(clock);
  const counted = quota(brokerDeps.ceiling, store, clock, waits);
  const circuits = circuitBreaker(clock);
  const called = calls.counted(withTimeout(clouds.credentials, clock));
  const demand = retry(circuits.guarded(counted.counted(called, 'demand')), clock);
  // A refresh is no caller's last hope: it is not tried again, and a cloud that is down is not asked for it.
  const refresh = circuits.guarded(counted.counted(called, 'refresh'));
  const fresh = retry(refresh, clock);
  const obtain = brokerDeps.shared ? mintOnceAcrossInstances(store, clock) : mintLocally(clock);
  const kept = cache(demand, refresh, obtain, clock, brokerDeps.cache);
  const orIssued =
    (source: Source): Source =>
    async (request, deadline) =>
      brokerDeps.accounts.get(request.account)?.cloud === 'authority'
        ? brokerDeps.issue(request, clock.now())
        : source(request, deadline);
  return {
    credentials: orIssued(kept.credentials),
    fresh: orIssued(fresh),
    identity: clouds.identity,
    stats: () => ({
      cache: kept.counts,
      entries: kept.size(),
      calls: calls.entries,
      waits: waits.entries,
      resting: circuits.states(),
    }),
  };
};
