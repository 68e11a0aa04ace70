import { type AuditLog, type AuditRecord, wrapAuditLog } from '../core/audit.ts';
import type { MintStats } from '../mint/counters.ts';

/** What the cache's figures are called, and how much of each there was since the last line. */
const since = (last: Record<string, number>, stats: MintStats): Record<string, number> => {
  const { cache, calls, waits, entries } = stats;
  const total = (list: MintStats['calls']): number => list.reduce((all, { durations }) => all + durations.count, 0);
  const now: Record<string, number> = {
    CacheHits: cache.hits,
    CacheMisses: cache.misses,
    CacheCoalesced: cache.coalesced,
    CacheRefreshes: cache.refreshes,
    CloudCalls: total(calls),
    CloudFailures: total(calls.filter(({ outcome }) => outcome !== 'Done')),
    QuotaWaitMilliseconds: waits.reduce((all, { durations }) => all + durations.milliseconds, 0),
  };
  const grown: Record<string, number> = { CacheEntries: entries };
  for (const [name, value] of Object.entries(now)) {
    grown[name] = value - (last[name] ?? 0);
    last[name] = value;
  }
  grown['BreakersOpen'] = [...stats.open.values()].filter(Boolean).length;
  return grown;
};

const unitOf = (name: string): string => (name.endsWith('Milliseconds') ? 'Milliseconds' : 'Count');

/**
 * Writes a line of CloudWatch's embedded metric format for each request. A function is frozen between requests, so figures
 * that wait for a timer would be late or lost; a line of the log costs no call and no time of the caller's.
 */
export const emf = (
  audit: AuditLog,
  stats: () => MintStats,
  namespace: string,
  write: (line: string) => void,
): AuditLog => {
  const last: Record<string, number> = {};

  const line = ({ time, dialect, operation = 'none', outcome, milliseconds = 0 }: AuditRecord, written: boolean) => {
    const grown = since(last, stats());
    const incoming = { Requests: 1, RequestMilliseconds: milliseconds, AuditFailures: written ? 0 : 1 };
    const metrics = (values: object) => Object.keys(values).map((Name) => ({ Name, Unit: unitOf(Name) }));
    return JSON.stringify({
      _aws: {
        Timestamp: time.getTime(),
        CloudWatchMetrics: [
          { Namespace: namespace, Dimensions: [['Dialect', 'Operation', 'Outcome'], []], Metrics: metrics(incoming) },
          { Namespace: namespace, Dimensions: [[]], Metrics: metrics(grown) },
        ],
      },
      Dialect: dialect,
      Operation: operation,
      Outcome: outcome,
      ...incoming,
      ...grown,
    });
  };

  return wrapAuditLog(audit, (writeRecord) => async (record) => {
    let written = false;
    try {
      await writeRecord(record);
      written = true;
    } finally {
      write(line(record, written));
    }
  });
};
