import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { spec } from '../../functions/sts.ts';
import { type App, createApp } from '../../lib/app/create-app.ts';
import type { ProcessDeps } from '../../lib/app/deps.ts';
import { eventHandler } from '../../lib/app/event-handler.ts';
import { leaseRefresh } from '../../lib/app/lease-refresh.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import { maxAnswerMs } from '../../lib/platform/answer.ts';
import { nodeServer } from '../../lib/platform/node/node-server.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

/** A server whose configuration may name its own address, and be replaced while it serves. */
export interface ServedConfig {
  readonly url: string;
  readonly records: AuditRecord[];
  /** How far its clock is ahead of the true one. */
  skewMs: number;
  /** Whether its public documents cannot be fetched. */
  withoutDocuments: boolean;
  app: App;
  /** Serves another configuration from now on, as a deployment does: what it kept in memory is gone. */
  deploy(written: object, environment: Readonly<Record<string, string>>): Promise<void>;
  /** Refreshes the leases that are due, once. */
  keepFresh(): Promise<unknown>;
  /** Handles an event document. */
  handle(event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Serves the configuration that is made for the address of the server. */
export const serveConfig = async (
  written: (url: string) => object,
  environment: Readonly<Record<string, string>>,
): Promise<ServedConfig> => {
  const server = nodeServer({}, (raw, deadlineMs) => {
    if (!served.withoutDocuments || !raw.path.startsWith('/.well-known/')) return served.app.answer(raw, deadlineMs);
    return Promise.resolve({ status: 503, headers: {}, body: '' });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const records: AuditRecord[] = [];
  const now = () => new Date(Date.now() + (served?.skewMs ?? 0));
  const monotonicMs = () => performance.now() + (served?.skewMs ?? 0);
  const deps: ProcessDeps = { transport: nodeTransport(), now, monotonicMs, nonce: () => randomInt(1, 2 ** 47) };
  const store = memoryStore(now);
  const audit = unlimitedAuditLog(async (record) => {
    records.push(record);
  });
  const open = (config: object, variables: Readonly<Record<string, string>>): Promise<App> =>
    createApp(spec, readConfig(config, { folder: '/nowhere', environment: variables }), { ...deps, store, audit });
  const signal = () => AbortSignal.timeout(60_000);
  const served: ServedConfig = {
    url,
    records,
    skewMs: 0,
    withoutDocuments: false,
    app: undefined as unknown as App,
    deploy: async (config, variables) => {
      served.app = await open(config, variables);
    },
    keepFresh: () => {
      const { brokerDeps, config } = served.app;
      return leaseRefresh(brokerDeps, config, { ...deps, store })({
        signal: signal(),
        until: new Date(now().getTime() + maxAnswerMs),
      });
    },
    handle: (event) => {
      const { brokerDeps, config } = served.app;
      if (config.events === undefined) throw new Error('The configuration has no events.');
      return eventHandler(brokerDeps, config.events, { ...deps, store }, undefined)(event, signal());
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  served.app = await open(written(url), environment);
  return served;
};
