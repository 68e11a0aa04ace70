import type { AuditTrailState } from '../audit/trail.ts';
import type { LeaseState } from '../leases/state.ts';
import type { Metric } from './metric.ts';

const gauge = (name: string, help: string, value: number, labels: Readonly<Record<string, string>> = {}): Metric => ({
  name: `credmint_${name}`,
  kind: 'gauge',
  help,
  labels,
  value,
});

/** How the audit trail is doing, as figures. */
export const trailMetrics = ({ waiting, stalledMs, takesRecords }: AuditTrailState): readonly Metric[] => [
  gauge('audit_waiting_records', 'Records that are not written yet, of requests in flight as well.', waiting),
  gauge('audit_stalled_seconds', 'For how long the audit sink has taken nothing of what waits.', stalledMs / 1000),
  gauge('audit_up', 'Whether the audit trail takes records: if not, nothing is given out.', takesRecords ? 1 : 0),
];

/** Whether the store is asked, as a figure. */
export const storeMetrics = (isLeftAlone: boolean): readonly Metric[] => [
  gauge('store_up', 'Whether the store answers: if not, it is left alone but for probes.', isLeftAlone ? 0 : 1),
];

/** What is seen of leases by the runs of this process. */
export interface LeaseGauges {
  observe(lease: string, state: LeaseState, dueAt: number): void;
  metrics(now: Date): readonly Metric[];
}

/** Figures of leases, by their names in the configuration. */
export const leaseGauges = (): LeaseGauges => {
  const seen = new Map<string, { readonly state: LeaseState; readonly dueAt: number }>();
  return {
    observe: (lease, state, dueAt) => {
      seen.set(lease, { state, dueAt });
    },
    metrics: (now) =>
      [...seen].flatMap(([lease, { state, dueAt }]) => {
        const { held, failures, deliveryFailures } = state;
        const secondsTo = (instant: number): number => (instant - now.getTime()) / 1000;
        return [
          gauge('lease_failures', 'Refreshes that failed in a row.', failures, { lease }),
          gauge('lease_delivery_failures', 'Deliveries that failed in a row.', deliveryFailures, { lease }),
          gauge(
            'lease_next_refresh_seconds',
            'Until the next refresh is due; less than 0: it is late.',
            secondsTo(dueAt),
            {
              lease,
            },
          ),
          ...(held === undefined
            ? []
            : [
                gauge(
                  'lease_age_seconds',
                  'Since the credentials were minted.',
                  (now.getTime() - held.mintedAt) / 1000,
                  { lease },
                ),
                gauge(
                  'lease_expires_in_seconds',
                  'Until the credentials end.',
                  secondsTo(held.credentials.expiration.getTime()),
                  { lease },
                ),
              ]),
        ];
      }),
  };
};
