import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/load.ts';
import { StsError } from '../core/errors.ts';
import { injectFaults } from '../laptop/faults/inject-faults.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';
import { health } from '../platform/health.ts';
import { type Bounded, bounded } from '../platform/node/bounded.ts';
import { drainable } from '../platform/node/drain.ts';
import { nodeServer } from '../platform/node/server.ts';
import type { Metric } from '../telemetry/metric.ts';
import { mintMetrics } from '../telemetry/mint-metrics.ts';
import { prometheus, prometheusType } from '../telemetry/prometheus.ts';
import { requestMetrics } from '../telemetry/request-metrics.ts';
import type { AppDeps, FunctionSpec } from './compose.ts';
import { createApp } from './create-app.ts';
import { leaseRefresh } from './lease-refresh.ts';
import { readiness } from './ready.ts';
import { runEveryMinute } from './run-every-minute.ts';
import { sleep } from './sleep.ts';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One process that serves a configuration. */
export interface OpenServer {
  readonly server: Server;
  readonly url: string;
  /** The figures of this process. */
  figures(): readonly Metric[];
  /**
   * Says that it is leaving, closes the door after the seconds of notice, lets what is under way finish, and ends the
   * audit trail and the store. Whether all of it was in time.
   */
  leave(noticeSeconds: number): Promise<boolean>;
}

/** Opens what the configuration asks for, and serves it. `everyones` gathers the figures of all processes. */
export const openServer = async (
  spec: FunctionSpec,
  config: Config,
  { host, port }: Address,
  appDeps: Omit<AppDeps, 'audit' | 'store'>,
  everyones?: () => Promise<readonly Metric[]>,
): Promise<OpenServer> => {
  const settings = config.server;
  const seen = requestMetrics();
  const wrong = config.faults && injectFaults(config.faults, { now: appDeps.now, sleep: appDeps.sleep ?? sleep });
  const app = await createApp(
    wrong?.door(spec) ?? spec,
    config,
    wrong === undefined ? appDeps : { ...appDeps, now: wrong.now },
    settings.metrics ? seen.watched : undefined,
  );
  const gate = bounded(wrong?.answer(app.answer) ?? app.answer, settings.maxRequests);
  const ready = readiness(app.store, appDeps.now);
  const figures = (): readonly Metric[] => [...seen.figures(), ...mintMetrics(app.readings()), ...loadOf(gate)];
  const told = metricsOf(everyones ?? (async () => figures()));
  const routes = {
    '/health': health,
    '/ready': ready.answer,
    ...(settings.metrics ? { '/metrics': told } : {}),
  };
  const server = nodeServer(routes, gate.answer, {}, config.tls);
  server.maxConnections = settings.maxConnections;
  const drain = drainable(server);
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (thrown) {
    await app.close();
    throw thrown;
  }
  const kept =
    config.leases.leases.size === 0
      ? undefined
      : runEveryMinute(leaseRefresh(app.brokerDeps, config, { ...appDeps, store: app.store }), complain);
  const scheme = config.tls === undefined ? 'http' : 'https';
  const place = host.includes(':') ? `[${host}]` : host;

  return {
    server,
    url: `${scheme}://${place}:${(server.address() as AddressInfo).port}`,
    figures,
    leave: async (noticeSeconds) => {
      ready.leave();
      const inTime = await drain(noticeSeconds * 1000, settings.drainSeconds * 1000);
      await kept?.stop();
      await app.close();
      return inTime;
    },
  };
};

const complain = (thrown: unknown): void => {
  process.stderr.write(`Leases were not looked after: ${StsError.from(thrown).message}\n`);
};

const loadOf = ({ underWay, refused }: Bounded): readonly Metric[] => [
  {
    name: 'credmint_requests_under_way',
    kind: 'gauge',
    help: 'Requests that are being answered.',
    labels: {},
    value: underWay,
  },
  {
    name: 'credmint_requests_refused_total',
    kind: 'counter',
    help: 'Requests told to come back, because there was as much to do as could be.',
    labels: {},
    value: refused,
  },
];

const metricsOf =
  (gather: () => Promise<readonly Metric[]>): Answerer =>
  async () => ({
    status: 200,
    headers: { ...commonHeaders(randomUUID(), new Date()), 'content-type': prometheusType },
    body: prometheus(await gather()),
  });
