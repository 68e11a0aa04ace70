import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../app/create-app.ts';
import type { AppDeps, ProcessDeps } from '../app/deps.ts';
import type { FunctionSpec } from '../app/function-spec.ts';
import { leaseRefresh } from '../app/lease-refresh.ts';
import { loadConfig } from '../config/load.ts';
import type { Cloud } from '../core/cloud.ts';
import type { RefreshRun } from '../leases/run.ts';
import type { Answerer } from '../platform/answer.ts';
import { health } from '../platform/health.ts';
import { nodeServer } from '../platform/node/node-server.ts';
import { openApi } from '../platform/node/open-api.ts';
import type { Faults } from './faults/inject-faults.ts';
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
  /** Refreshes the leases that are due, once. */
  readonly keepFresh: RefreshRun;
  /** Ends the audit trail and closes the store; after that nothing is minted. */
  close(): Promise<void>;
}

/**
 * Serves everything on this machine: the JSON API, every dialect, and the authority in place of the clouds. With
 * `faults`, answers misbehave.
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
  // The configuration names the server's address, so the server must listen before the app exists.
  const opened = Promise.withResolvers<{ readonly answer: Answerer; readonly events: Answerer }>();
  opened.promise.catch(() => undefined);
  const server = nodeServer(
    {
      '/health': ownHostOnly(health),
      '/openapi.json': ownHostOnly(openApi),
      '/events': ownHostOnly(async (raw, deadlineMs) => (await opened.promise).events(raw, deadlineMs)),
    },
    ownHostOnly(async (raw, deadlineMs) => (await opened.promise).answer(raw, deadlineMs)),
    faults && { write: faults.write },
  );
  server.listen(port, host);
  await once(server, 'listening');
  try {
    const bound = (server.address() as AddressInfo).port;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
    const state = await initialize(folder, url, clouds);
    const config = loadConfig(state.configPath, {}, clouds);
    const app = await createApp(spec, config, deps);
    const answer = faults?.answer(app.answer) ?? app.answer;
    const events = config.events === undefined ? answer : localEvents(app.brokerDeps, config.events, app.store);
    opened.resolve({ answer, events });
    const keepFresh = leaseRefresh(app.brokerDeps, config, { ...deps, store: app.store });
    return { ...state, server, keepFresh, close: app.close };
  } catch (thrown) {
    opened.reject(thrown);
    server.close();
    throw thrown;
  }
};
