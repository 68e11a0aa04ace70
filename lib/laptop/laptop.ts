import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openTrail } from '../app/audit.ts';
import { type AppDeps, compose, type FunctionSpec } from '../app/compose.ts';
import { leaseRefresh } from '../app/lease-refresh.ts';
import { openStore } from '../app/store.ts';
import { createBroker } from '../broker/broker.ts';
import { loadConfig } from '../config/load.ts';
import type { Cloud } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import type { RefreshRun } from '../leases/run.ts';
import { type Answerer, answerer } from '../platform/answer.ts';
import { health } from '../platform/health.ts';
import { nodeServer } from '../platform/node/server.ts';
import { localEvents } from './local-events.ts';
import { initialize, type LocalState } from './local-state.ts';

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
  spec: FunctionSpec,
  clouds: readonly Cloud[],
  place: LaptopPlace,
  appDeps: Omit<AppDeps, 'audit' | 'store'> & Partial<Pick<AppDeps, 'audit' | 'store'>>,
  around: (answer: Answerer) => Answerer = (answer) => answer,
): Promise<Laptop> => {
  let serve: Answerer = async () => {
    throw new StsError('Internal', 'Not settled in yet.');
  };
  let take: Answerer = serve;
  const server = nodeServer({ '/health': health, '/events': (raw, deadline) => take(raw, deadline) }, (raw, deadline) =>
    serve(raw, deadline),
  );
  const { port } = await listening(server, place);
  const url = `http://${place.host.includes(':') ? `[${place.host}]` : place.host}:${port}`;
  const state = await initialize(place.folder, url, clouds);
  const config = loadConfig(state.configPath, {}, clouds);
  const { store: handedIn } = appDeps;
  const store = handedIn ? { ...handedIn, close: async () => undefined } : await openStore(config.store, appDeps);
  const trail = openTrail(config.audit, appDeps);
  const brokerDeps = compose(spec, config, { shared: handedIn === undefined, audit: trail.record, ...appDeps, store });
  serve = around(answerer(createBroker(brokerDeps), appDeps.now));
  if (config.events !== undefined) take = localEvents(brokerDeps, config.events, store);
  const close = async (): Promise<void> => {
    await trail.close();
    await store.close();
  };
  const keepFresh = leaseRefresh(brokerDeps, config, { ...appDeps, store });
  return { ...state, server, keepFresh, close };
};
