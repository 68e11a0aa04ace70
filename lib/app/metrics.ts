import { randomUUID } from 'node:crypto';
import type { AuditLog } from '../core/audit.ts';
import type { LeaseDeps } from '../leases/deps.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';
import type { Bounded } from '../platform/node/bounded.ts';
import { type Metric, sample } from '../telemetry/metric.ts';
import { mintMetrics } from '../telemetry/mint-metrics.ts';
import { prometheus, prometheusType } from '../telemetry/prometheus.ts';
import { requestMetrics } from '../telemetry/request-metrics.ts';
import { leaseGauges, storeMetrics, trailMetrics } from '../telemetry/state-metrics.ts';
import type { App } from './create-app.ts';

/** Everything that a process counts of itself. */
export interface ProcessMetrics {
  /** Counts what is written to the audit trail: every request. */
  readonly watched: (audit: AuditLog) => AuditLog;
  /** Is told of the leases that a run has looked at. */
  readonly observeLease: NonNullable<LeaseDeps['observe']>;
  /** Each figure as it stands. */
  figures(app: App, load: Pick<Bounded, 'inFlight' | 'refused'>, now: Date): readonly Metric[];
}

/**
 * Counts, and gathers what others count.
 *
 * @example
 * const counted = processMetrics();
 * const app = await createApp(spec, config, deps, counted.watched);
 * const text = prometheus(counted.figures(app, { inFlight: 0, refused: 0 }, new Date()));
 */
export const processMetrics = (): ProcessMetrics => {
  const requests = requestMetrics();
  const leases = leaseGauges();
  return {
    watched: requests.watched,
    observeLease: leases.observe,
    figures: (app, { inFlight, refused }, now) => [
      ...requests.figures(),
      ...mintMetrics(app.stats()),
      sample('credmint_requests_under_way', inFlight),
      sample('credmint_requests_refused_total', refused),
      ...trailMetrics(app.trailState()),
      ...storeMetrics(app.isStoreDown()),
      ...leases.metrics(now, app.config.leases.leases),
    ],
  };
};

/** Answers `/metrics` for Prometheus, with what this process counted. */
export const metricsAnswerer =
  (gather: () => readonly Metric[]): Answerer =>
  async () => ({
    status: 200,
    headers: { ...commonHeaders(randomUUID(), new Date()), 'content-type': prometheusType },
    body: prometheus(gather()),
  });
