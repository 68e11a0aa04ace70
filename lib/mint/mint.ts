import type { Clock } from '../core/clock.ts';
import type { Account } from '../core/cloud.ts';
import type { Credentials, Identity } from '../core/credentials.ts';
import type { MintRequest } from '../core/requests.ts';
import type { Store } from '../core/store.ts';
import { fingerprintOf } from './account-fingerprint.ts';
import { accountHolds } from './account-holds.ts';
import { type CacheSettings, cache } from './cache.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import type { CloudSource } from './cloud-source.ts';
import { counters, type MintStats } from './counters.ts';
import type { Deadline } from './deadline.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { mintLocally, mintOnceAcrossInstances } from './obtain.ts';
import { type Ceiling, type Purpose, quota } from './quota.ts';
import { retry } from './retry.ts';
import type { KeepingSource, Source } from './source.ts';
import { withTimeout } from './with-timeout.ts';

/** What minting needs. */
export interface MintDeps {
  readonly accounts: ReadonlyMap<string, Account>;
  /** The built-in authority, for the account whose cloud it is. It answers at once, and each time anew. */
  readonly issue: (request: MintRequest, now: Date) => Credentials;
  readonly clouds: CloudSource;
  readonly ceiling: Ceiling;
  readonly store: Store;
  /** Whether other instances have the same store. */
  readonly shared: boolean;
  readonly cache: Omit<CacheSettings, 'fingerprint'>;
  readonly clock: Clock;
}

export interface Mint {
  /** From the cache, or new: for a caller that waits. */
  readonly credentials: KeepingSource;
  /** Always new, and within the share of the account's calls that refreshing has: for leases. */
  readonly fresh: Source;
  /** Who an account's own key is at its cloud. */
  identity(account: Account, deadline: Deadline): Promise<Identity>;
  stats(): MintStats;
}

/**
 * What stands between an allowed request and its cloud: cache, single flight, retry, the cloud's own Retry-After, circuit
 * breaker, quota, concurrency.
 *
 * @example
 * const mint = createMint({ accounts, issue, clouds, ceiling, store, shared: false, cache, clock });
 * const credentials = await mint.credentials(allowed, { signal: AbortSignal.timeout(10_000) });
 */
export const createMint = (deps: MintDeps): Mint => {
  const { clouds, clock, store } = deps;
  const calls = counters(clock);
  const waits = counters(clock);
  const limits = quota(deps.ceiling, store, clock, waits);
  const breaker = circuitBreaker(clock);
  const holds = accountHolds(clock);
  const call = limitConcurrency(calls.counted(withTimeout(clouds.credentials, clock)));
  const guarded = (purpose: Purpose): Source => holds.honoured(breaker.guarded(limits.counted(call, purpose)));
  const demand = retry(guarded('demand'), clock);
  // Nobody waits for the cache's own refresh, so it is not retried.
  const refresh = guarded('refresh');
  const fresh = retry(refresh, clock);
  const obtain = deps.shared ? mintOnceAcrossInstances(store, clock, limits.expect) : mintLocally(clock);
  const fingerprint = (name: string): string => {
    const account = deps.accounts.get(name);
    return account === undefined ? '' : fingerprintOf(account);
  };
  const cached = cache(demand, refresh, obtain, clock, { ...deps.cache, fingerprint });
  const orIssued =
    (source: KeepingSource): KeepingSource =>
    async (request, deadline, whenKept) =>
      deps.accounts.get(request.account)?.cloud === 'authority'
        ? deps.issue(request, clock.now())
        : source(request, deadline, whenKept);
  return {
    credentials: orIssued(cached.credentials),
    fresh: orIssued(fresh),
    identity: clouds.identity,
    stats: () => ({
      cache: cached.counts,
      entries: cached.size(),
      calls: calls.entries,
      waits: waits.entries,
      open: breaker.states(),
    }),
  };
};
