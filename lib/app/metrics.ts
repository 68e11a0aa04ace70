import { randomUUID } from 'node:crypto';
import { type Answerer, commonHeaders } from '../platform/answer.ts';
import type { Bounded } from '../platform/node/bounded.ts';
import type { Metric } from '../telemetry/metric.ts';
import { prometheus, prometheusType } from '../telemetry/prometheus.ts';

/** Answers `/metrics` for Prometheus, with what this process counted. */
export const metricsAnswerer =
  (gather: () => readonly Metric[]): Answerer =>
  async () => ({
    status: 200,
    headers: { ...commonHeaders(randomUUID(), new Date()), 'content-type': prometheusType },
    body: prometheus(gather()),
  });

/** How many requests are in flight, and how many were refused for that. */
export const loadMetrics = ({ inFlight, refused }: Bounded): readonly Metric[] => [
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
