import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clouds, spec } from '../../functions/sts.ts';
import { answererOf } from '../../lib/app/answerer.ts';
import { compose } from '../../lib/app/compose.ts';
import type { AppDeps } from '../../lib/app/deps.ts';
import { handlerOf } from '../../lib/app/functions/handler.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { HttpHeaders, HttpRequest, HttpResponse } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { openLaptop } from '../../lib/laptop/laptop.ts';
import type { LocalAccess } from '../../lib/laptop/local-state.ts';
import type { RunSummary } from '../../lib/leases/run.ts';
import { nodeServer } from '../../lib/platform/node/node-server.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

export interface Reply {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export interface AppOptions {
  /** Sections of the configuration. Those that are missing let every caller have everything at every account. */
  readonly config?: { readonly accounts?: Sections; readonly callers?: Sections } & Sections;
  readonly environment?: Readonly<Record<string, string>>;
  readonly deps?: Partial<AppDeps>;
  /** Where the files of the configuration are. */
  readonly folder?: string;
}

type Sections = Readonly<Record<string, unknown>>;

/** The service with a configuration. */
export interface App {
  readonly records: AuditRecord[];
  /** How far the app's clock is ahead of where it started, or of the true one if that is what it follows. */
  skewMs: number;
  now(): Date;
  /** Sends a request as it is. */
  send(request: HttpRequest, deadlineMs?: number): Promise<Reply>;
  /** Asks the JSON API as `ci`. */
  ask(path: string, body: object, deadlineMs?: number): Promise<Reply>;
  /** Handles an event of a platform. */
  handle(event: unknown): Promise<unknown>;
}

/** The service behind a port of 127.0.0.1. */
export interface ServedApp extends App {
  readonly url: string;
  close(): Promise<void>;
}

/** The key of the caller `ci` of a configuration without callers of its own. */
export const ciKey = { id: 'AKIDCALLER', secret: 'the-secret-of-the-caller' };

export const allOperations = [
  'AssumeRole',
  'GetFederationToken',
  'GetSessionToken',
  'AssumeRoleWithWebIdentity',
  'GetCallerIdentity',
];

/** The role that the authority of a configuration without an authority of its own has. */
export const demoRole = 'arn:aws:iam::123456789012:role/demo';

const authority = {
  keys: ['env:RING'],
  roles: { demo: { trust: ['*'] } },
  accountIds: Object.fromEntries(clouds.map(({ id }) => [id, '123456789012'])),
};

const fullConfig = ({
  accounts = { authority: { cloud: 'authority' } },
  callers = { ci: { accessKey: { id: ciKey.id, secret: 'env:CALLER' } } },
  ...sections
}: AppOptions['config'] = {}) => ({
  accounts,
  callers,
  grants: Object.keys(accounts).map((account) => ({
    name: `all-${account}`,
    callers: [...Object.keys(callers), ...('authority' in accounts ? ['session'] : [])],
    account,
    operations: allOperations,
    roles: ['**'],
    accepts: ['policy', 'tags', 'sourceIdentity'],
  })),
  ...('authority' in accounts ? { authority } : {}),
  ...sections,
});

const recordingDeps = (records: AuditRecord[], now: () => Date): AppDeps => ({
  store: memoryStore(now),
  transport: nodeTransport(),
  audit: unlimitedAuditLog(async (record) => {
    records.push(record);
  }),
  now,
  nonce: () => randomInt(1, 2 ** 47),
});

const build = ({ config, environment, deps, folder = '/nowhere' }: AppOptions, clock: () => number) => {
  const records: AuditRecord[] = [];
  const now = () => new Date(clock() + app.skewMs);
  const monotonicMs = () => performance.now() + app.skewMs;
  const read = readConfig(fullConfig(config), {
    folder,
    environment: { CALLER: ciKey.secret, RING: 'a'.repeat(43), ...environment },
  });
  const answer = answererOf(spec, compose(spec, read, { ...recordingDeps(records, now), monotonicMs, ...deps }));
  const app: App = {
    records,
    skewMs: 0,
    now,
    send: async ({ method, path, query, headers, host, body }, deadlineMs = 5000) => {
      const raw = { method, path, query, headers: { host, ...headers }, body: Buffer.from(body) };
      const response = await answer(raw, deadlineMs);
      return { status: response.status, headers: response.headers, text: response.body, body: jsonOf(response.body) };
    },
    ask: (path, body, deadlineMs) => {
      const request: HttpRequest = {
        method: 'POST',
        scheme: 'https',
        host: 'credmint.example.com',
        path,
        query: '',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      };
      const key = { id: ciKey.id, secret: new Secret(ciKey.secret) };
      return app.send(sign(request, key, { now: now(), region: 'local', service: 'credmint' }), deadlineMs);
    },
    handle: (event) => handlerOf(answer)(event, {}),
  };
  return { app, answer, tls: read.tls };
};

/** The service without a server. Its clock stands still until a test moves it. */
export const createApp = (options: AppOptions & { readonly startsAt?: Date } = {}): App => {
  const { startsAt = new Date('2026-01-01T00:00:00Z') } = options;
  return build(options, () => startsAt.getTime()).app;
};

/** The service behind a server. Its clock is the true one, which the vendors' clients sign by. */
export const serveApp = async (options: AppOptions = {}): Promise<ServedApp> => {
  const { app, answer, tls } = build(options, Date.now);
  const server = nodeServer({}, answer, tls && { tls });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(app, {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
};

/** A laptop's server on a free port, with a folder of its own. */
export interface LaptopApp {
  readonly url: string;
  readonly access: LocalAccess;
  readonly folder: string;
  readonly records: AuditRecord[];
  /** How far the server's clock is ahead of the true one. */
  skewMs: number;
  /** One run of the lease schedule, which nothing else starts here. */
  keepFresh(): Promise<RunSummary>;
  close(): Promise<void>;
}

export const openLaptopApp = async (deps: Partial<AppDeps> = {}): Promise<LaptopApp> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-'));
  const records: AuditRecord[] = [];
  const clock = { skewMs: 0 };
  const now = () => new Date(Date.now() + clock.skewMs);
  const laptop = await openLaptop(
    spec,
    clouds,
    { folder, host: '127.0.0.1', port: 0 },
    { ...recordingDeps(records, now), ...deps },
  );
  return Object.assign(clock, {
    url: laptop.access.url,
    access: laptop.access,
    folder,
    records,
    keepFresh: () =>
      laptop.keepFresh({ signal: AbortSignal.timeout(10_000), until: new Date(now().getTime() + 10_000) }),
    close: async () => {
      laptop.server.closeAllConnections();
      await new Promise((resolve) => laptop.server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  });
};

/** The body of a JSON API request for the demo role. */
export const demoRequestBody = JSON.stringify({ roleArn: demoRole, roleSessionName: 'me' });

/** Asks for the demo role over the JSON API. */
export const assumeDemoRole = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${url}/assumeRole`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: demoRequestBody,
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  return { status: response.status, body: (await response.json()) as any };
};

/** What a handler returned to its platform. */
export const replyOf = (returned: unknown): { readonly status: number; readonly body: Record<string, unknown> } => {
  const { statusCode, body } = returned as { readonly statusCode: number; readonly body: HttpResponse['body'] };
  return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
