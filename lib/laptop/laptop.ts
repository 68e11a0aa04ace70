import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openConsole } from '../app/console.ts';
import { createApp } from '../app/create-app.ts';
import type { AppDeps, PagedDeps } from '../app/deps.ts';
import type { FunctionSpec } from '../app/function-spec.ts';
import { leaseRefresh } from '../app/lease-refresh.ts';
import { metricsAnswerer, processMetrics } from '../app/metrics.ts';
import { type Config, loadConfig } from '../config/load.ts';
import type { Console } from '../console/console.ts';
import { consolePaths } from '../console/console-paths.ts';
import { consoleFeed } from '../console/feed.ts';
import type { Cloud } from '../core/cloud.ts';
import { deferred } from '../core/deferred.ts';
import type { RefreshRun } from '../leases/run.ts';
import type { Answerer } from '../platform/answer.ts';
import { health } from '../platform/health.ts';
import { bounded } from '../platform/node/bounded.ts';
import { type NodeAnswerer, nodeServer } from '../platform/node/node-server.ts';
import { openApi } from '../platform/node/open-api.ts';
import type { Faults } from './faults/inject-faults.ts';
import { lockFolder } from './folder-lock.ts';
import { listenPlan, urlOf } from './listen-plan.ts';
import { localCaller } from './local-config.ts';
import { localEvents } from './local-events.ts';
import { initialize, type LocalState } from './local-state.ts';
import { isLoopback, ownHostOnly } from './own-host-only.ts';

/** For how long the link may be opened that a laptop's server prints, in seconds. */
const linkSeconds = 24 * 3600;

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
  /** Where a browser sees what it does: once, as the link holds a code. Absent if no code could be kept. */
  readonly consoleLink?: string;
  /** Ends what would keep connections open. */
  endStreams(): void;
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
  deps: PagedDeps & Partial<Pick<AppDeps, 'audit' | 'store'>>,
  faults?: Pick<Faults, 'answer' | 'write'>,
): Promise<Laptop> => {
  // Before anything is written: what a second server wrote would be served by the first.
  const lock = await lockFolder(folder);
  // The configuration names the server's address, so the server must listen before the app exists.
  const opened = deferred<{
    readonly answer: Answerer;
    readonly events: Answerer;
    readonly metrics: Answerer;
    readonly routes: Console['routes'];
  }>();
  opened.promise.catch(() => undefined);
  const pageAt =
    (path: string): NodeAnswerer =>
    async (raw, deadlineMs) => {
      const { routes, answer } = await opened.promise;
      return (routes[path] ?? answer)(raw, deadlineMs);
    };
  const open = (): Server =>
    nodeServer(
      {
        '/health': ownHostOnly(health),
        '/openapi.json': ownHostOnly(openApi),
        ...Object.fromEntries(consolePaths.map((path) => [path, ownHostOnly(pageAt(path))])),
        '/events': ownHostOnly(async (raw, deadlineMs) => (await opened.promise).events(raw, deadlineMs)),
        '/metrics': ownHostOnly(async (raw, deadlineMs) => (await opened.promise).metrics(raw, deadlineMs)),
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
    const feed = consoleFeed(deps.now);
    const counted = processMetrics();
    const app = await createApp(spec, config, deps, (audit) => feed.watched(counted.watched(audit)));
    const limited = bounded(faults?.answer(app.answer) ?? app.answer, config.server.maxRequests);
    const { answer } = limited;
    const page = openConsole(spec, app, { feed, limited }, deps);
    const events = config.events === undefined ? answer : localEvents(app.brokerDeps, config.events, app.store);
    const shown = metricsAnswerer(() => counted.figures(app, limited, deps.now()));
    // They name leases and accounts, which whoever listens at another address has no need of.
    const metrics: Answerer = (raw, deadlineMs) => (isLoopback(raw.sourceIp) ? shown : answer)(raw, deadlineMs);
    opened.resolve({ answer, events, metrics, routes: page.routes });
    const keepFresh = leaseRefresh(app.brokerDeps, config, { ...deps, store: app.store }, (...seen) => {
      counted.observeLease(...seen);
      feed.leases.observe(...seen);
    });
    const consolePath = await page.pathFor({ name: localCaller, proof: 'accessKey' }, linkSeconds);
    const close = async (): Promise<void> => {
      page.close();
      for (const server of inner) {
        server.close();
        server.closeAllConnections();
      }
      await app.close();
      lock.release();
    };
    return {
      ...state,
      server: outer,
      listensAt: urlOf(host, bound),
      config,
      ...(consolePath === undefined ? {} : { consoleLink: `${url}${consolePath}` }),
      endStreams: page.close,
      keepFresh,
      close,
    };
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
