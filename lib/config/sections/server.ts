import * as v from 'valibot';
import { text } from '../values.ts';

const whole = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** How `npm start` serves; functions take nothing from it. */
export const server = v.strictObject({
  /** `HOST` of the environment comes before it. */
  host: v.optional(text),
  /** `PORT` of the environment comes before it; 0 is any free one. */
  port: v.optional(whole(0, 65_535)),
  /** Lets several processes of this machine listen on one port; the kernel gives each connection to one of them. */
  reusePort: v.optional(v.boolean(), false),
  /** A port of its own for `/metrics`; absent: it is on `port`. `METRICS_PORT` of the environment comes before it. */
  metricsPort: v.optional(whole(0, 65_535)),
  /** Refused: one process serves. Those who had it are told what to write instead. */
  workers: v.optional(
    v.pipe(
      v.unknown(),
      v.check(
        () => false,
        'must be left out: run one process per replica, or several with server.reusePort (see docs/scaling.md)',
      ),
    ),
  ),
  /** How long an end may take: what is under way is finished until then. */
  drainSeconds: v.optional(whole(1, 600), 20),
  /** How long `/ready` says no before the door is closed, so that balancers have heard of it. */
  noticeSeconds: v.optional(whole(0, 60), 2),
  /** Connections that each process holds at once; more are hung up on. */
  maxConnections: v.optional(whole(1, 1_000_000), 10_000),
  /** Requests that each process has under way at once; more are told to come back. */
  maxRequests: v.optional(whole(1, 1_000_000), 1_000),
  /** Whether `/metrics` tells Prometheus what happens, and whoever else can reach it. */
  metrics: v.optional(v.boolean(), false),
});

/** Figures as lines of CloudWatch's embedded metric format, on standard output. */
export const emf = v.strictObject({ namespace: v.optional(text, 'credmint') });

/** The server section, as it is used. */
export type ServerSettings = Omit<v.InferOutput<typeof server>, 'workers'>;
