import type { AuditTrailState } from '../audit/trail.ts';
import type { LeaseStatus } from '../core/lease-status.ts';
import { type Metric, sample } from './metric.ts';

/** How the audit trail is doing, as figures. */
export const trailMetrics = ({ waiting, stalledMs, takesRecords }: AuditTrailState): readonly Metric[] => [
  sample('credmint_audit_waiting_records', waiting),
  sample('credmint_audit_stalled_seconds', stalledMs / 1000),
  sample('credmint_audit_up', takesRecords ? 1 : 0),
];

/** Whether the store is asked, as a figure. */
export const storeMetrics = (isLeftAlone: boolean): readonly Metric[] => [
  sample('credmint_store_up', isLeftAlone ? 0 : 1),
];

/** What is seen of leases by the runs of this process. */
export interface LeaseGauges {
  observe(status: LeaseStatus, at: Date): void;
  /** Of the leases that the configuration has now. */
  metrics(now: Date, leases: ReadonlyMap<string, unknown>): readonly Metric[];
}

/** Figures of leases, by their names in the configuration. */
export const leaseGauges = (): LeaseGauges => {
  const seen = new Map<string, { readonly status: LeaseStatus; readonly at: Date }>();

  const figuresOf = (lease: string, now: number): readonly Metric[] => {
    const entry = seen.get(lease);
    if (entry === undefined) return [];
    const { mintedAt, expiration, nextRefresh = entry.at, failures, deliveryFailures } = entry.status;
    const seconds = (from: number, to: number): number => (to - from) / 1000;
    return [
      sample('credmint_lease_failures', failures, { lease }),
      sample('credmint_lease_delivery_failures', deliveryFailures, { lease }),
      sample('credmint_lease_next_refresh_seconds', seconds(now, nextRefresh.getTime()), { lease }),
      ...(mintedAt === undefined
        ? []
        : [sample('credmint_lease_age_seconds', seconds(mintedAt.getTime(), now), { lease })]),
      ...(expiration === undefined
        ? []
        : [sample('credmint_lease_expires_in_seconds', seconds(now, expiration.getTime()), { lease })]),
    ];
  };

  return {
    observe: (status, at) => {
      seen.set(status.name, { status, at });
    },
    metrics: (now, leases) => {
      for (const lease of seen.keys()) if (!leases.has(lease)) seen.delete(lease);
      return [...leases.keys()].flatMap((lease) => figuresOf(lease, now.getTime()));
    },
  };
};
