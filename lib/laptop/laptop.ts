import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../app/create-app.ts';
import type { AppDeps, ProcessDeps } from '../app/deps.ts';
import type { FunctionSpec } from '../app/function-spec.ts';
import { leaseRefresh } from '../app/lease-refresh.ts';
import { type Config, loadConfig } from '../config/load.ts';
import type { Cloud } from '../core/cloud.ts';
import type { RefreshRun } from '../leases/run.ts';
import type { Answerer } from '../platform/answer.ts';
import { health } from '../platform/health.ts';
import { nodeServer } from '../platform/node/node-server.ts';
import { openApi } from '../platform/node/open-api.ts';
import type { Faults } from './faults/inject-faults.ts';
import { lockFolder } from './folder-lock.ts';
import { listenPlan, urlOf } from './listen-plan.ts';
import { localEvents } from './local-events.ts';
import { initialize, type LocalState } from './local-state.ts';
import { ownHostOnly } from './own-host-only.ts';

/** Where a laptop's server keeps its keys and listens. */
export interface LaptopPlace {
  /** A private folder; it is created if it does not exist. */
  readonly folder: string;
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
}

export interface Laptop extends LocalState {
  readonly server: Server;
  /** Where it listens, as others reach it. */
  readonly listensAt: string;
  readonly config: Config;
  /** Refreshes the leases that are due, once. */
  readonly keepFresh: RefreshRun;
  /** Ends the audit trail, closes the store and frees the folder; after that nothing is minted. */
  close(): Promise<void>;
}

/**
 * Serves everything on this machine: the JSON API, every dialect, and the authority in place of the clouds. With
 * `faults`, answers misbehave. Rejects with an StsError if another server uses the folder.
 *
 * @example
 * const { access, server } = await openLaptop(spec, clouds, { folder, host: '127.0.0.1', port: 0 }, processDeps());
 */
export const openLaptop = async (
  spec: FunctionSpec,
  clouds: readonly Cloud[],
  { folder, host, port }: LaptopPlace,
  deps: ProcessDeps & Partial<Pick<AppDeps, 'audit' | 'store'>>,
  faults?: Pick<Faults, 'answer' | 'write'>,
): Promise<Laptop> => {
  // Before anything is written: what a second server wrote would be served by the first.
  const lock = await lockFolder(folder);
  // The configuration names the server's address, so the server must listen before the app exists.
  const opened = Promise.withResolvers<{ readonly answer: Answerer; readonly events: Answerer }>();
  opened.promise.catch(() => undefined);
  const open = (): Server =>
    nodeServer(
      {
        '/health': ownHostOnly(health),
        '/openapi.json': ownHostOnly(openApi),
        '/events': ownHostOnly(async (raw, deadlineMs) => (await opened.promise).events(raw, deadlineMs)),
      },
      ownHostOnly(async (raw, deadlineMs) => (await opened.promise).answer(raw, deadlineMs)),
      faults && { write: faults.write },
    );
  const { hosts, localHost } = listenPlan(host);
  const [outer, ...inner] = hosts.map(open) as [Server, ...Server[]];
  try {
    const bound = await listen(outer, hosts[0], port);
    for (const [index, server] of inner.entries()) await listen(server, hosts[index + 1] ?? localHost, bound);
    const url = urlOf(localHost, bound);
    lock.name(url);
    const state = await initialize(folder, url, clouds);
    const config = loadConfig(state.configPath, {}, clouds);
    const app = await createApp(spec, config, deps);
    const answer = faults?.answer(app.answer) ?? app.answer;
    const events = config.events === undefined ? answer : localEvents(app.brokerDeps, config.events, app.store);
    opened.resolve({ answer, events });
    const keepFresh = leaseRefresh(app.brokerDeps, config, { ...deps, store: app.store });
    const close = async (): Promise<void> => {
      for (const server of inner) {
        server.close();
        server.closeAllConnections();
      }
      await app.close();
      lock.release();
    };
    return { ...state, server: outer, listensAt: urlOf(host, bound), config, keepFresh, close };
  } catch (thrown) {
    opened.reject(thrown);
    for (const server of [outer, ...inner]) server.close();
    lock.release();
    throw thrown;
  }
};

/** Resolves to the port once the server listens. */
const listen = async (server: Server, host: string, port: number): Promise<number> => {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};
