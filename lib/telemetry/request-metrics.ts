import { type AuditLog, type AuditRecord, wrapAuditLog } from '../core/audit.ts';
import type { Labels, Metric } from './metric.ts';

/** In seconds: from a cached answer to one at a caller's deadline. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Spread {
  readonly counts: number[];
  sum: number;
}

/** What is known of the requests so far. */
export interface RequestMetrics {
  /** Counts what is written down, and what cannot be. */
  watched(audit: AuditLog): AuditLog;
  figures(): readonly Metric[];
}

// Nothing of a record goes into a label but names of closed tables: no caller could fill a memory with labels, or find
// its session name among them.
const labelsOf = ({ dialect, operation = 'none', outcome }: AuditRecord): Labels => ({ dialect, operation, outcome });

export const requestMetrics = (): RequestMetrics => {
  const requests = new Map<string, { readonly labels: Labels; count: number }>();
  const latencies = new Map<string, Spread>();
  let failures = 0;

  const note = (record: AuditRecord): void => {
    const labels = labelsOf(record);
    const key = Object.values(labels).join(' ');
    const entry = requests.get(key) ?? { labels, count: 0 };
    entry.count++;
    requests.set(key, entry);
    const operation = labels['operation'] ?? '';
    const spread = latencies.get(operation) ?? { counts: Array<number>(bounds.length + 1).fill(0), sum: 0 };
    latencies.set(operation, spread);
    const seconds = (record.milliseconds ?? 0) / 1000;
    const index = bounds.findIndex((bound) => seconds <= bound);
    const place = index < 0 ? bounds.length : index;
    spread.counts[place] = (spread.counts[place] ?? 0) + 1;
    spread.sum += seconds;
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
      ...[...requests.values()].map(
        ({ labels, count }): Metric => ({
          name: 'credmint_requests_total',
          kind: 'counter',
          help: 'Requests answered, by dialect, operation and outcome.',
          labels,
          value: count,
        }),
      ),
      ...[...latencies].map(([operation, { counts, sum }]): Metric => {
        let below = 0;
        return {
          name: 'credmint_request_seconds',
          kind: 'histogram',
          help: 'From the first look at a request to its answer.',
          labels: { operation },
          bounds,
          counts: counts.map((count) => {
            below += count;
            return below;
          }),
          sum,
        };
      }),
      {
        name: 'credmint_audit_failures_total',
        kind: 'counter',
        help: 'Records that could not be written, or that there was no room for; each withheld an answer.',
        labels: {},
        value: failures,
      },
    ],
  };
};
