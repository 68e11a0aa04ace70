import * as v from 'valibot';
import type { Secret } from '../../core/secret.ts';
import { isLoopbackHost } from '../../transport/addresses.ts';
import type { ConfigContext } from '../context.ts';
import { described, reference } from '../values.ts';

/** What a server tells of itself besides `/metrics`; functions take nothing from it. */
export const telemetry = v.strictObject({
  traces: described(
    'Where the traces of requests are exported, by OTLP over HTTP.',
    v.optional(
      v.pipe(
        v.strictObject({
          endpoint: described(
            'Where the collector takes traces: https://collector.example/v1/traces. http is for collectors that want no headers.',
            v.pipe(v.string(), v.url('must be a URL'), v.regex(/^https?:\/\//, 'must begin with https:// or http://')),
          ),
          headers: described(
            'Headers that the collector wants, by name: references to their values.',
            v.optional(
              v.record(v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/, 'must be a name of a header')), reference),
              {},
            ),
          ),
          sampleRatio: described(
            'The share of traces that is recorded, from 0 to 1.',
            v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
          ),
        }),
        v.check(
          ({ endpoint, headers }) =>
            Object.keys(headers).length === 0 ||
            !endpoint.startsWith('http:') ||
            // What is no URL is told so already.
            !URL.canParse(endpoint) ||
            isLoopbackHost(new URL(endpoint).hostname),
          'must have an endpoint that begins with https://, as its headers are secret',
        ),
      ),
    ),
  ),
});

/** Where traces go. */
interface TraceExport {
  readonly endpoint: URL;
  readonly headers: ReadonlyMap<string, Secret>;
  readonly sampleRatio: number;
}

/** What a server tells of itself. */
export interface TelemetrySettings {
  readonly traces?: TraceExport;
}

/** The section, its references looked up. */
export const telemetryOf = (
  { traces }: v.InferOutput<typeof telemetry>,
  { secret }: ConfigContext,
): TelemetrySettings =>
  traces === undefined
    ? {}
    : {
        traces: {
          endpoint: new URL(traces.endpoint),
          headers: new Map(
            Object.entries(traces.headers).map(([name, each]) => [
              name,
              secret(`telemetry.traces.headers.${name}`, each),
            ]),
          ),
          sampleRatio: traces.sampleRatio,
        },
      };
