import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { clouds, spec } from '../../functions/sts.ts';
import { answerer } from '../../lib/app/answerer.ts';
import { compose } from '../../lib/app/compose.ts';
import type { AppDeps } from '../../lib/app/deps.ts';
import { handlerOf } from '../../lib/app/functions/handler.ts';
import { createBroker } from '../../lib/broker/broker.ts';
import { readConfig } from '../../lib/config/load.ts';
import type { AuditRecord } from '../../lib/core/audit.ts';
import type { HttpResponse } from '../../lib/core/http.ts';
import { omitUndefined } from '../../lib/core/omit-undefined.ts';
import { nodeServer } from '../../lib/platform/node/node-server.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

export const role = 'arn:aws:iam::123456789012:role/demo';

/** A house of these callers, who may all assume the role `demo` of the authority; over a server, or by events. */
export interface CallersHouse {
  readonly url: string;
  readonly records: AuditRecord[];
  /** Milliseconds by which the house's clock is ahead of the true one. */
  skew: number;
  /** What a platform would call. */
  readonly handle: (event: unknown) => Promise<unknown>;
  close(): Promise<void>;
}

export const everything = [
  'AssumeRole',
  'GetFederationToken',
  'GetSessionToken',
  'AssumeRoleWithWebIdentity',
  'GetCallerIdentity',
];

interface Wish {
  readonly callers: Readonly<Record<string, unknown>>;
  /** Whatever else the configuration is to say. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly appDeps?: Partial<AppDeps>;
}

export const openCallersHouse = async ({
  callers,
  more = {},
  environment = {},
  appDeps = {},
}: Wish): Promise<CallersHouse> => {
  const records: AuditRecord[] = [];
  const now = () => new Date(Date.now() + app.skew);
  const config = readConfig(
    {
      accounts: { authority: { cloud: 'authority' } },
      callers,
      grants: [
        {
          name: 'all',
          callers: [...Object.keys(callers), 'session'],
          account: 'authority',
          operations: everything,
          roles: ['**'],
        },
      ],
      authority: {
        keys: ['env:RING'],
        roles: { demo: { trust: ['*'] } },
        accountIds: Object.fromEntries(clouds.map(({ id }) => [id, '123456789012'])),
      },
      ...more,
    },
    { folder: '/nowhere', environment: { RING: 'a'.repeat(43), ...environment } },
  );
  const brokerDeps = compose(spec, config, {
    store: memoryStore(now),
    transport: nodeTransport(),
    audit: async (record) => {
      records.push(record);
    },
    now,
    nonce: () => 42,
    ...appDeps,
  });
  const answer = answerer(createBroker(brokerDeps), now);
  const server = nodeServer({}, answer, omitUndefined({ tls: config.tls }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const app: CallersHouse = {
    url: `${config.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    records,
    skew: 0,
    handle: (event) => handlerOf(answer)(event, {}),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return app;
};

/** The body of a request for the demo role over the JSON API. */
export const asked = JSON.stringify({ roleArn: role, roleSessionName: 'me' });

/** Asks for the demo role over the JSON API. */
export const assume = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${url}/assumeRole`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: asked,
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  return { status: response.status, body: (await response.json()) as any };
};

/** What a handler gave back to its platform. */
export const saidTo = (reply: unknown): { readonly status: number; readonly body: Record<string, unknown> } => {
  const { statusCode, body } = reply as { readonly statusCode: number; readonly body: HttpResponse['body'] };
  return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
};
