import type { AuditTrailState } from '../audit/trail.ts';
import type { Config } from '../config/load.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation } from '../core/requests.ts';
import type { MintStats } from '../mint/counters.ts';
import type { Ceiling } from '../mint/quota.ts';
import type { CallRates } from './call-rates.ts';
import type { LastHour } from './last-hour.ts';
import type { AccountNow, NowView } from './view.ts';

/** Where the figures come from: each is what the server's metrics are made of, too. */
export interface NowSources {
  readonly config: () => Config;
  readonly stats: () => MintStats;
  readonly trailState: () => AuditTrailState;
  readonly isStoreDown: () => boolean;
  readonly load: () => { readonly inFlight: number; readonly refused: number };
  readonly ceiling: () => Ceiling;
  readonly startedAt: Date;
}

const called: readonly MintOperation[] = ['AssumeRole', 'GetFederationToken', 'GetSessionToken'];

const totalsOf = ({ calls }: MintStats): ReadonlyMap<string, number> => {
  const totals = new Map<string, number>();
  for (const { account, durations } of calls) totals.set(account, (totals.get(account) ?? 0) + durations.count);
  return totals;
};

/** Samples the calls of every account. */
export const sampleCalls = (rates: CallRates, { stats }: NowSources, atMs: number): void =>
  rates.sample(totalsOf(stats()), atMs);

/** What is going on at an instant, with the last so many minutes. */
export const nowView = (
  sources: NowSources,
  { hour, rates }: { readonly hour: LastHour; readonly rates: CallRates },
  now: Date,
  minutes: number,
): NowView => {
  const { cache, entries, open } = sources.stats();
  const { accounts, store, audit } = sources.config();
  const ceiling = sources.ceiling();
  const { waiting, stalledMs, takesRecords } = sources.trailState();
  const { inFlight, refused } = sources.load();

  const accountNow = ({ name, cloud }: { readonly name: string; readonly cloud: string }): AccountNow => {
    if (cloud === 'authority' || cloud === 'issuer') return { name, cloud };
    const rate = rates.of(name);
    const ceilings = called.flatMap((operation) => ceiling(name, operation) ?? []);
    return omitUndefined({
      name,
      cloud,
      callsPerSecond: rate?.perSecond ?? 0,
      peakPerSecond: rate?.peakPerSecond ?? 0,
      ceilingPerSecond: ceilings.length === 0 ? undefined : Math.min(...ceilings),
      circuitIsOpen: open.get(name),
    });
  };

  return {
    at: now.toISOString(),
    startedAt: sources.startedAt.toISOString(),
    minutes: hour.minutes(now, minutes),
    accounts: [...accounts.values()].map(accountNow),
    store: { kind: store.kind, isUp: !sources.isStoreDown() },
    audit: {
      sink: audit.sink.kind,
      isChained: audit.keys !== undefined,
      takesRecords,
      waiting,
      stalledMs: Math.round(stalledMs),
    },
    requests: { inFlight, turnedAway: refused },
    cache: { entries, hits: cache.hits, misses: cache.misses, refreshes: cache.refreshes },
  };
};
