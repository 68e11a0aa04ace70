import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import { faults } from '../faults/faulty.ts';
import { mintFigures } from '../metrics/minting.ts';
import { prometheus, prometheusType } from '../metrics/prometheus.ts';
import type { Figure } from '../metrics/sample.ts';
import { visits } from '../metrics/visits.ts';
import { type Answerer, carried } from '../platform/answer.ts';
import { everyMinute } from '../platform/every-minute.ts';
import { health } from '../platform/health.ts';
import { openHouse } from '../platform/house.ts';
import { keepingFresh } from '../platform/keeping-fresh.ts';
import { nodeServer } from '../platform/node-server.ts';
import type { Door, Ground } from '../platform/rooms.ts';
import { sleep } from '../platform/sleep.ts';
import { StsError } from '../sts/errors.ts';
import { type Bounded, bounded } from './bounded.ts';
import { drainable } from './drain.ts';
import { readiness } from './ready.ts';

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
  figures(): readonly Figure[];
  /**
   * Says that it is leaving, closes the door after the seconds of notice, lets what is under way finish, and ends the
   * audit trail and the store. Whether all of it was in time.
   */
  leave(noticeSeconds: number): Promise<boolean>;
}

/** Opens what the configuration asks for, and serves it. `everyones` gathers the figures of all processes. */
export const openServer = async (
  door: Door,
  config: Config,
  { host, port }: Address,
  ground: Omit<Ground, 'audit' | 'store'>,
  everyones?: () => Promise<readonly Figure[]>,
): Promise<OpenServer> => {
  const settings = config.server;
  const seen = visits();
  const wrong = config.faults && faults(config.faults, { now: ground.now, sleep: ground.sleep ?? sleep });
  const house = await openHouse(
    wrong?.door(door) ?? door,
    config,
    wrong === undefined ? ground : { ...ground, now: wrong.now },
    settings.metrics ? seen.watched : undefined,
  );
  const gate = bounded(wrong?.answer(house.answer) ?? house.answer, settings.maxRequests);
  const ready = readiness(house.store, ground.now);
  const figures = (): readonly Figure[] => [...seen.figures(), ...mintFigures(house.readings()), ...loadOf(gate)];
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
    await house.close();
    throw thrown;
  }
  const kept =
    config.leases.leases.size === 0
      ? undefined
      : everyMinute(keepingFresh(house.rooms, config, { ...ground, store: house.store }), complain);
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
      await house.close();
      return inTime;
    },
  };
};

const complain = (thrown: unknown): void => {
  process.stderr.write(`Leases were not looked after: ${StsError.from(thrown).message}\n`);
};

const loadOf = ({ underWay, refused }: Bounded): readonly Figure[] => [
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
  (gather: () => Promise<readonly Figure[]>): Answerer =>
  async () => ({
    status: 200,
    headers: { ...carried(randomUUID(), new Date()), 'content-type': prometheusType },
    body: prometheus(await gather()),
  });
