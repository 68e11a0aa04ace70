import type { MintStats } from '../mint/counters.ts';
import { distribution, type Metric, sample } from './metric.ts';

/** What minting has done, as figures. */
export const mintMetrics = ({ cache, entries, calls, waits, open }: MintStats): readonly Metric[] => [
  sample('credmint_cache_hits_total', cache.hits),
  sample('credmint_cache_misses_total', cache.misses),
  sample('credmint_cache_coalesced_total', cache.coalesced),
  sample('credmint_cache_refreshes_total', cache.refreshes),
  sample('credmint_cache_entries', entries),
  ...calls.map(({ account, outcome, durations }) =>
    distribution('credmint_cloud_call_seconds', durations, { account, outcome }),
  ),
  ...waits.map(({ account, outcome, durations }) =>
    distribution('credmint_quota_wait_seconds', durations, { account, outcome }),
  ),
  ...[...open].map(([account, isOpen]) => sample('credmint_breaker_open', isOpen ? 1 : 0, { account })),
];
