import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/load.ts';
import { consoleFeed } from '../console/feed.ts';
import { causeInWords, causeOf } from '../core/cause.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { RefreshRun } from '../leases/run.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';
import { health } from '../platform/health.ts';
import { bounded } from '../platform/node/bounded.ts';
import { drainable, type Hold } from '../platform/node/drain.ts';
import { limitConnections } from '../platform/node/limit-connections.ts';
import { nodeServer } from '../platform/node/node-server.ts';
import { openApi } from '../platform/node/open-api.ts';
import { tlsRenewal } from '../platform/node/tls.ts';
import { silentLog } from '../telemetry/log.ts';
import { inTrace, type Tracing } from '../telemetry/trace.ts';
import { clockOf } from './clock.ts';
import { openConsole } from './console.ts';
import { createApp } from './create-app.ts';
import type { PagedDeps, ProcessDeps } from './deps.ts';
import type { FunctionSpec } from './function-spec.ts';
import { leaseRefresh } from './lease-refresh.ts';
import { metricsAnswerer, processMetrics } from './metrics.ts';
import { readiness } from './ready.ts';
import { runEveryMinute } from './run-every-minute.ts';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Absent: `/metrics` is on the same port as everything else. */
  readonly metricsPort?: number;
}

/** One process that serves a configuration. */
export interface OpenServer {
  readonly url: string;
  /** Present if the metrics have a port of their own. */
  readonly metricsUrl?: string;
  /** Serves another reading of the configuration, as `App.reload`. */
  reload(config: Config): void;
  /**
   * Says on `/ready` that it is leaving, accepts no more connections after the notice, finishes the requests in
   * flight, and closes the audit trail and the store. Resolves to whether all of it was in time.
   */
  leave(noticeSeconds: number): Promise<boolean>;
}

/**
 * Opens what the configuration asks for, and serves it.
 *
 * @example
 * const server = await openServer(spec, config, { host: '127.0.0.1', port: 3000 }, processDeps());
 * await server.leave(config.server.noticeSeconds);
 */
export const openServer = async (
  spec: FunctionSpec,
  config: Config,
  { host, port, metricsPort }: Address,
  deps: PagedDeps,
): Promise<OpenServer> => {
  const settings = config.server;
  if (settings.reusePort && settings.metrics && metricsPort === undefined) {
    throw new StsError(
      'Misconfigured',
      'With server.reusePort each process needs a METRICS_PORT of its own: on the shared port each scrape would reach another process.',
    );
  }
  const counted = processMetrics();
  const tracing = await tracingOf(config, deps);
  const feed = consoleFeed(deps.now);
  const app = await createApp(spec, config, { ...deps, ...omitUndefined({ tracing }) }, (audit) =>
    feed.watched(settings.metrics ? counted.watched(audit) : audit),
  );
  const limited = bounded(app.answer, settings.maxRequests);
  const page = openConsole(spec, app, { feed, limited }, deps);
  const ready = readiness({
    store: app.store,
    takesRecords: () => app.trailState().takesRecords,
    openCircuits: () => app.stats().open,
    clock: clockOf(deps),
  });
  const metrics = metricsAnswerer(() => counted.figures(app, limited, deps.now()));
  const probes = { '/health': health, '/ready': ready.answer, '/openapi.json': openApi };
  const withMetrics = settings.metrics ? { ...probes, '/metrics': metrics } : probes;
  const hold: Hold = {};
  const options = { hold, ...omitUndefined({ tls: config.tls }) };
  const server = nodeServer(
    { ...page.routes, ...(metricsPort === undefined ? withMetrics : probes) },
    limited.answer,
    options,
  );
  limitConnections(server, settings.maxConnections);
  const drain = drainable(server, clockOf(deps).sleep, hold);
  const operations = metricsPort === undefined ? undefined : nodeServer(withMetrics, notFound, options);
  try {
    await listen(server, { host, port, reusePort: settings.reusePort });
    await (operations && listen(operations, { host, port: metricsPort }));
  } catch (thrown) {
    server.close();
    page.close();
    await app.close();
    throw thrown;
  }
  const refreshLeases = (): RefreshRun =>
    leaseRefresh(app.brokerDeps, app.config, { ...deps, store: app.store }, (...seen) => {
      counted.observeLease(...seen);
      feed.leases.observe(...seen);
    });
  let run = refreshLeases();
  const refresh = runEveryMinute(
    (limits) =>
      inTrace(app.config.leases.leases.size === 0 ? undefined : tracing?.task('refresh leases'), () => run(limits)),
    (thrown) => deps.log?.('error', 'leases were not refreshed', { cause: causeInWords(causeOf(thrown)) }),
  );
  const urlOf = (listening: Server): string =>
    `${config.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${(listening.address() as AddressInfo).port}`;

  return {
    url: urlOf(server),
    ...(operations === undefined ? {} : { metricsUrl: `${urlOf(operations)}/metrics` }),
    reload: (next) => {
      const renew = tlsRenewal([server, ...(operations === undefined ? [] : [operations])], next.tls);
      app.reload(next);
      renew();
      run = refreshLeases();
    },
    leave: async (noticeSeconds) => {
      ready.leave();
      page.close();
      const deadline = { signal: AbortSignal.timeout(Math.max(settings.drainSeconds * 1000, minCloseMs)) };
      const inTime = await drain(noticeSeconds * 1000, settings.drainSeconds * 1000);
      operations?.close();
      operations?.closeAllConnections();
      await refresh.stop();
      await app.close(deadline);
      await tracing?.close(AbortSignal.timeout(maxTracesMs));
      return inTime;
    },
  };
};

/** What closing gets even if draining was given less. The trail adds a grace of a second. */
const minCloseMs = 1_000;

/** How long the traces that are left may take, in milliseconds. */
const maxTracesMs = 3_000;

/** The SDK is loaded only if traces are exported: it takes longer than everything else together. */
const tracingOf = async ({ telemetry }: Config, { log = silentLog }: ProcessDeps): Promise<Tracing | undefined> => {
  if (telemetry?.traces === undefined) return undefined;
  const { openTracing } = await import('../telemetry/open-telemetry.ts');
  return openTracing(telemetry.traces, { log, serviceName: 'credmint' });
};

const listen = async (server: Server, options: Parameters<Server['listen']>[0]): Promise<void> => {
  server.listen(options);
  await once(server, 'listening');
};

const notFound: Answerer = async () => ({
  status: 404,
  headers: { ...commonHeaders(randomUUID(), new Date()), 'content-type': 'text/plain; charset=utf-8' },
  body: 'Not Found\n',
});
