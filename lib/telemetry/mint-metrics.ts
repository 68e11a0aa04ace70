import type { MintStats } from '../mint/counters.ts';
import type { Labels, Metric } from './metric.ts';

const one = (kind: 'counter' | 'gauge') => {
  return (name: string, help: string, value: number, labels: Labels = {}): Metric => ({
    name: `credmint_${name}`,
    kind,
    help,
    labels,
    value,
  });
};
const counter = one('counter');
const gauge = one('gauge');

/** What minting has done, as figures. */
export const mintMetrics = ({ cache, entries, calls, waits, open }: MintStats): readonly Metric[] => [
  counter('cache_hits_total', 'Mints answered from what is kept.', cache.hits),
  counter('cache_misses_total', 'Mints that a cloud was asked for.', cache.misses),
  counter('cache_coalesced_total', 'Mints that waited for another request for the same.', cache.coalesced),
  counter('cache_refreshes_total', 'Credentials refreshed before they were needed.', cache.refreshes),
  gauge('cache_entries', 'Credentials kept.', entries),
  ...calls.map(({ account, outcome, count }) =>
    counter('cloud_calls_total', 'Calls to clouds, by account and outcome.', count, { account, outcome }),
  ),
  ...calls.map(({ account, outcome, milliseconds }) =>
    counter('cloud_call_seconds_total', 'Time that calls to clouds took.', milliseconds / 1000, { account, outcome }),
  ),
  ...waits.map(({ account, outcome, count }) =>
    counter('quota_turns_total', "Turns of an account's quota, had or given up.", count, { account, outcome }),
  ),
  ...waits.map(({ account, outcome, milliseconds }) =>
    counter('quota_wait_seconds_total', 'Time that turns were waited for.', milliseconds / 1000, { account, outcome }),
  ),
  ...[...open].map(([account, isOpen]) =>
    gauge('breaker_open', "Instances that leave an account's cloud alone.", isOpen ? 1 : 0, { account }),
  ),
];
