import * as v from 'valibot';
import { described, integer, text } from '../values.ts';

/** How `npm start` serves; functions take nothing from it. */
export const server = v.strictObject({
  host: described('The address to listen at; `HOST` of the environment takes precedence.', v.optional(text)),
  port: described(
    'The port to listen at, 0 for any free one; `PORT` of the environment takes precedence.',
    v.optional(integer(0, 65_535)),
  ),
  reusePort: described(
    'Lets several processes of this machine listen on one port; the kernel gives each connection to one of them.',
    v.optional(v.boolean(), false),
  ),
  metricsPort: described(
    'A port of its own for `/metrics`; absent: it is on `port`. `METRICS_PORT` of the environment takes precedence.',
    v.optional(integer(0, 65_535)),
  ),
  workers: described(
    'Refused: one process serves. Those who had it are told what to write instead.',
    v.optional(
      v.pipe(
        v.unknown(),
        v.check(
          () => false,
          'must be left out: run one process per replica, or several with server.reusePort (see docs/scaling.md)',
        ),
      ),
    ),
  ),
  drainSeconds: described(
    'How long the server may take to finish the requests under way before it ends.',
    v.optional(integer(1, 600), 20),
  ),
  noticeSeconds: described(
    'How long `/ready` says no before the server stops accepting, so that balancers notice.',
    v.optional(integer(0, 60), 2),
  ),
  maxConnections: described(
    'Connections that a process holds at once; it closes any more. No address takes all: half if it is alone.',
    v.optional(integer(1, 1_000_000), 10_000),
  ),
  maxRequests: described(
    'Requests that a process has under way at once; it answers any more with 503. No address and no caller takes all: half if it is alone.',
    v.optional(integer(1, 1_000_000), 1_000),
  ),
  metrics: described(
    'Whether `/metrics` is served for Prometheus, to whoever can reach it.',
    v.optional(v.boolean(), false),
  ),
});

/** Metrics as lines of CloudWatch's embedded metric format, on standard output. */
export const emf = v.strictObject({
  namespace: described('The CloudWatch namespace of the metrics.', v.optional(text, 'credmint')),
});

/** The server section, as it is used. */
export type ServerSettings = Omit<v.InferOutput<typeof server>, 'workers'>;
