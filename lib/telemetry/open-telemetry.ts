import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type AuditRecord, isDone } from '../core/audit.ts';
import { causeInWords, causeOf } from '../core/cause.ts';
import { StsError, stsErrors } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Secret } from '../core/secret.ts';
import { readTraceparent, writeTraceparent } from '../wire/traceparent.ts';
import type { Log } from './log.ts';
import type { ActiveTrace, Tracing } from './trace.ts';

/** Where traces go. */
export interface TraceSettings {
  /** Where OTLP is taken over HTTP: `https://collector.example/v1/traces`. */
  readonly endpoint: URL;
  /** Headers that the collector wants, such as a key of its owner. */
  readonly headers: ReadonlyMap<string, Secret>;
  /** The share of traces that is recorded, from 0 to 1. */
  readonly sampleRatio: number;
}

/** What is known of the process that is traced. */
export interface TracingDeps {
  readonly log: Log;
  /** What it is called among others. */
  readonly serviceName: string;
}

/** How long one export may take, in milliseconds. A collector that is slow costs spans, and no caller's time. */
const maxExportMs = 5_000;
/** In milliseconds; spans wait so long for others. */
const exportIntervalMs = 2_000;
/** What does not fit is dropped. */
const maxWaitingSpans = 2_048;

/**
 * Traces by OpenTelemetry's own SDK, exported by OTLP over HTTP. Spans hold names of the configuration and of closed tables,
 * hosts and ids: no session name, no path, no query, no body.
 *
 * @example
 * const tracing = openTracing({ endpoint, headers: new Map(), sampleRatio: 1 }, { log, serviceName: 'credmint' });
 */
export const openTracing = (
  { endpoint, headers, sampleRatio }: TraceSettings,
  { log, serviceName }: TracingDeps,
): Tracing => {
  const exporter = new OTLPTraceExporter({
    url: endpoint.href,
    headers: Object.fromEntries([...headers].map(([name, secret]) => [name, secret.reveal()])),
    timeoutMillis: maxExportMs,
  });
  const ratio = new TraceIdRatioBasedSampler(sampleRatio);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    // By the trace's id, so that all servers on its way decide alike. The id is the caller's: it can choose one that is recorded.
    sampler: new ParentBasedSampler({ root: ratio, remoteParentSampled: ratio }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reporting(exporter, endpoint.host, log),
        maxQueueSize: maxWaitingSpans,
        scheduledDelayMillis: exportIntervalMs,
        exportTimeoutMillis: maxExportMs,
      }),
    ],
  });
  const tracer = provider.getTracer('credmint');

  const begin = (name: string, kind: SpanKind, parent: Context, hasSteps: boolean): ActiveTrace => {
    const root = tracer.startSpan(name, { kind }, parent);
    let step: Span | undefined;
    return {
      traceId: root.spanContext().traceId,
      enter: (next) => {
        step?.end();
        step = hasSteps ? tracer.startSpan(next, {}, trace.setSpan(ROOT_CONTEXT, root)) : undefined;
      },
      note: (record) => {
        if (hasSteps) describeRequest(root, record);
      },
      call: async (request, send) => {
        const span = tracer.startSpan(
          request.method,
          { kind: SpanKind.CLIENT, attributes: callAttributes(request) },
          trace.setSpan(ROOT_CONTEXT, step ?? root),
        );
        const { traceId, spanId: parentId, traceFlags } = span.spanContext();
        const isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
        const traceparent = writeTraceparent({ traceId, parentId, isSampled });
        try {
          const response = await send({ ...request, headers: { ...request.headers, traceparent } });
          span.setAttribute('http.response.status_code', response.status);
          if (response.status >= 400) fail(span, String(response.status));
          return response;
        } catch (thrown) {
          const { code, detail } = StsError.from(thrown);
          fail(span, detail.cause ?? code);
          throw thrown;
        } finally {
          span.end();
        }
      },
      end: (status) => {
        step?.end();
        if (status === undefined) fail(root, 'Internal');
        else if (hasSteps) root.setAttribute('http.response.status_code', status);
        root.end();
      },
    };
  };

  return {
    request: (incoming) => begin('request', SpanKind.SERVER, remoteContext(incoming['traceparent']), true),
    task: (name) => begin(name, SpanKind.INTERNAL, ROOT_CONTEXT, false),
    close: async (signal) => {
      const over = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([provider.shutdown().catch(() => undefined), over]);
    },
  };
};

/** The caller's trace, if it names a valid one. */
const remoteContext = (header: string | undefined): Context => {
  const parent = readTraceparent(header);
  if (parent === undefined) return ROOT_CONTEXT;
  const { traceId, parentId: spanId, isSampled } = parent;
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
};

/** Names by OpenTelemetry's conventions, if it has one. https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
const callAttributes = ({ method, scheme, host }: HttpRequest): Record<string, string | number> => {
  const { hostname, port } = new URL(`${scheme}://${host}`);
  return {
    'http.request.method': method,
    'url.scheme': scheme,
    'server.address': hostname,
    'server.port': port === '' ? (scheme === 'https' ? 443 : 80) : Number(port),
  };
};

const fail = (span: Span, type: string): void => {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
};

const describeRequest = (span: Span, record: AuditRecord): void => {
  const { dialect, operation, outcome, requestId, caller, grant, account, cloud, origin } = record;
  span.updateName(`${dialect} ${operation ?? 'request'}`);
  span.setAttributes(
    omitUndefined({
      'http.request.id': requestId,
      'credmint.dialect': dialect,
      'credmint.operation': operation,
      'credmint.outcome': outcome,
      'credmint.caller': caller,
      'credmint.grant': grant,
      'credmint.account': account,
      'credmint.cloud': cloud,
      'credmint.origin': origin,
      'credmint.denial.reason': record.reason,
    }),
  );
  // What the caller did wrong is an answer like another (of a server's span).
  if (!isDone(outcome) && stsErrors[outcome].fault !== 'caller') fail(span, outcome);
};

/** The first export that fails is logged, and the first that succeeds again; those in between say nothing new. */
const reporting = (exporter: SpanExporter, host: string, log: Log): SpanExporter => {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        // 0 is SUCCESS of `ExportResultCode`.
        const failed = result.code !== 0;
        if (failed && !isFailing) log('warn', 'traces are not exported', { host, cause: exportCause(result.error) });
        if (!failed && isFailing) log('info', 'traces are exported again', { host });
        isFailing = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush === undefined ? {} : { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
};

/** The exporter gives a collector's HTTP status as a code; its texts may quote what was sent. */
const exportCause = (error: Error | undefined): string => {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'number' ? `the collector answered with status ${code}` : causeInWords(causeOf(error));
};
