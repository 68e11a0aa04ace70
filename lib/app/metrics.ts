import { randomUUID } from 'node:crypto';
import type { MintStats } from '../mint/counters.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';
import type { Bounded } from '../platform/node/bounded.ts';
import type { Metric } from '../telemetry/metric.ts';
import { mintMetrics } from '../telemetry/mint-metrics.ts';
import { prometheus, prometheusType } from '../telemetry/prometheus.ts';
import type { requestMetrics } from '../telemetry/request-metrics.ts';

/** Answers `/metrics` for Prometheus, with what this process counted. */
export const metricsAnswerer =
  (requests: ReturnType<typeof requestMetrics>, stats: () => MintStats, bounded: Bounded): Answerer =>
  async () => ({
    status: 200,
    headers: { ...commonHeaders(randomUUID(), new Date()), 'content-type': prometheusType },
    body: prometheus([...requests.figures(), ...mintMetrics(stats()), ...loadMetrics(bounded)]),
  });

const loadMetrics = ({ inFlight, refused }: Bounded): readonly Metric[] => [
  {
    name: 'credmint_requests_under_way',
    kind: 'gauge',
    help: 'Requests in flight.',
    labels: {},
    value: inFlight,
  },
  {
    name: 'credmint_requests_refused_total',
    kind: 'counter',
    help: 'Requests told to come back, because the limit of requests in flight was reached.',
    labels: {},
    value: refused,
  },
];
