import { type AuditLog, type AuditRecord, wrapAuditLog } from '../core/audit.ts';
import { type CountedDurations, countDurations } from '../core/durations.ts';
import { distribution, type Labels, type Metric, type MetricName, sample } from './metric.ts';

/** What is known of the requests so far. */
export interface RequestMetrics {
  /** Counts what is written down, and what cannot be. */
  watched(audit: AuditLog): AuditLog;
  figures(): readonly Metric[];
}

/** One count for each set of labels, made when it is first wanted. */
const byLabels = <Name extends MetricName, Count>(make: () => Count) => {
  const counts = new Map<string, { readonly labels: Labels<Name>; readonly count: Count }>();
  return {
    all: () => [...counts.values()],
    of: (labels: Labels<Name>): Count => {
      const key = Object.values(labels).join(' ');
      const known = counts.get(key) ?? { labels, count: make() };
      counts.set(key, known);
      return known.count;
    },
  };
};

/** Counts requests. Nothing of a record goes into a label but names of closed tables. */
export const requestMetrics = (): RequestMetrics => {
  const requests = byLabels<'credmint_requests_total', { times: number }>(() => ({ times: 0 }));
  const latencies = byLabels<'credmint_request_seconds', CountedDurations>(countDurations);
  let failures = 0;

  const note = ({ dialect, operation = 'none', outcome, milliseconds = 0 }: AuditRecord): void => {
    requests.of({ dialect, operation, outcome }).times++;
    latencies.of({ operation, outcome }).add(milliseconds);
  };

  return {
    watched: (audit) =>
      wrapAuditLog(
        audit,
        (write) => async (record) => {
          note(record);
          try {
            await write(record);
          } catch (thrown) {
            failures++;
            throw thrown;
          }
        },
        () => {
          failures++;
        },
      ),
    figures: () => [
      ...requests.all().map(({ labels, count }) => sample('credmint_requests_total', count.times, labels)),
      ...latencies.all().map(({ labels, count }) => distribution('credmint_request_seconds', count, labels)),
      sample('credmint_audit_failures_total', failures),
    ],
  };
};
