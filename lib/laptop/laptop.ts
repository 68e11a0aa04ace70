import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBroker } from '../broker/broker.ts';
import { loadConfig } from '../config/load.ts';
import type { RefreshRun } from '../leases/run.ts';
import { type Answerer, answerer } from '../platform/answer.ts';
import { openTrail } from '../app/audit.ts';
import { health } from '../platform/health.ts';
import { leaseRefresh } from '../app/lease-refresh.ts';
import { nodeServer } from '../platform/node/server.ts';
import { type FunctionSpec, compose, type AppDeps } from '../app/compose.ts';
import { openStore } from '../app/store.ts';
import type { Cloud } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import { type LocalState, initialize } from './local-state.ts';
import { localEvents } from './local-events.ts';

/** Where the laptop's server keeps its keys and listens. */
export interface LaptopPlace {
  /** A private folder; made where it is not there. */
  readonly folder: string;
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
}

export interface Laptop extends LocalState {
  readonly server: Server;
  /** One run of the schedule. */
  readonly keepFresh: RefreshRun;
  /** Ends the audit trail and closes the store; after that nothing is minted. */
  close(): Promise<void>;
}

const listening = (server: Server, { host, port }: LaptopPlace): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });

/** Serves everything on this machine: the JSON API, every dialect, and the authority that stands in for the clouds. */
export const openLaptop = async (
  door: FunctionSpec,
  clouds: readonly Cloud[],
  place: LaptopPlace,
  ground: Omit<AppDeps, 'audit' | 'store'> & Partial<Pick<AppDeps, 'audit' | 'store'>>,
  around: (answer: Answerer) => Answerer = (answer) => answer,
): Promise<Laptop> => {
  let serve: Answerer = async () => {
    throw new StsError('Internal', 'Not settled in yet.');
  };
  let take: Answerer = serve;
  const server = nodeServer(
    { '/health': health, '/events': (arrival, deadline) => take(arrival, deadline) },
    (arrival, deadline) => serve(arrival, deadline),
  );
  const { port } = await listening(server, place);
  const url = `http://${place.host.includes(':') ? `[${place.host}]` : place.host}:${port}`;
  const household = await initialize(place.folder, url, clouds);
  const config = loadConfig(household.configPath, {});
  const { store: handedIn } = ground;
  const store = handedIn ? { ...handedIn, close: async () => undefined } : await openStore(config.store, ground);
  const trail = openTrail(config.audit, ground);
  const rooms = compose(door, config, { shared: handedIn === undefined, audit: trail.record, ...ground, store });
  serve = around(answerer(createBroker(rooms), ground.now));
  if (config.events !== undefined) take = localEvents(rooms, config.events, store);
  const close = async (): Promise<void> => {
    await trail.close();
    await store.close();
  };
  const keepFresh = leaseRefresh(rooms, config, { ...ground, store });
  return { ...household, server, keepFresh, close };
};
