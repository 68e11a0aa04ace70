import { generateKeyPairSync, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { spec } from '../../../functions/sts.ts';
import { openServer } from '../../../lib/app/server.ts';
import { readConfig } from '../../../lib/config/load.ts';
import type { BuiltPage } from '../../../lib/console/built-page.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign } from '../../../lib/signers/sigv4.ts';
import { nodeTransport } from '../../../lib/transport/node-http.ts';
import { type Cloud, openCloud } from '../fake-cloud.ts';

export const role = 'arn:aws:iam::123456789012:role/demo';

/** Secrets that no answer of the page may hold, besides those that the cloud gives. */
export const secrets = {
  ACCOUNT: 'the-secret-of-the-account',
  ci: 'the-secret-of-the-caller-ci',
  ops: 'the-secret-of-the-caller-ops',
  EXTERNAL: 'the-external-id-of-the-grant',
  RING: 'the-ring-of-the-authority-of-more-than-32-characters',
  WEBHOOK: 'the-secret-of-the-webhook-that-is-told-of-leases',
} as const;

const callers = ['ci', 'ops'] as const;
type CallerName = (typeof callers)[number];

/** What is asked in the name of a caller, or by a cookie. */
export interface PageRequest {
  readonly as?: CallerName;
  readonly cookie?: string;
  readonly method?: string;
  /** The Host header; absent is the server's own. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server with a page, whose account is at a cloud of the test's own. */
export interface ServedPage {
  readonly url: string;
  readonly cloud: Cloud;
  /** How far its clock is ahead of the true one. */
  skewMs: number;
  readonly auditPath: string;
  send(path: string, request?: PageRequest): Promise<Response>;
  /** Asks for the role as `ci`, or for another one. */
  mint(sessionName: string, roleArn?: string): Promise<Response>;
  /** A link by which `ops` comes in, once. */
  link(): Promise<string>;
  /** The cookie of a session of `ops`. */
  session(): Promise<string>;
  /** Serves another configuration. */
  reload(changes: object): void;
  close(): Promise<void>;
}

const observe = { name: 'watch', callers: ['ops'], account: 'console', operations: ['Observe'] };

/** Grants that let `ci` mint, and `ops` look. */
export const usualGrants: readonly object[] = [
  {
    name: 'deploy',
    callers: ['ci'],
    account: 'aws',
    operations: ['AssumeRole'],
    roles: [role],
    externalId: 'env:EXTERNAL',
  },
  observe,
];

export const servePage = async (page: BuiltPage | undefined, changes: object = {}): Promise<ServedPage> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-page-'));
  const cloud = await openCloud();
  const auditPath = join(folder, 'audit.jsonl');
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(join(folder, 'audit.pem'), key, { mode: 0o600 });
  const configOf = (more: object) =>
    readConfig(
      {
        accounts: {
          aws: {
            cloud: 'aws',
            endpoint: `${cloud.url}/`,
            key: { id: 'AKIDACCOUNT', secret: 'env:ACCOUNT' },
            requestsPerSecond: 100_000,
          },
        },
        callers: Object.fromEntries(
          callers.map((name) => [name, { accessKey: { id: `AKID${name.toUpperCase()}`, secret: `env:${name}` } }]),
        ),
        grants: usualGrants,
        audit: { sink: { kind: 'file', path: auditPath }, key: 'file:audit.pem' },
        server: { noticeSeconds: 0, drainSeconds: 5 },
        ...more,
      },
      { folder, environment: secrets },
    );
  const state = { skewMs: 0 };
  const server = await openServer(
    spec,
    configOf(changes),
    { host: '127.0.0.1', port: 0 },
    {
      transport: nodeTransport(),
      now: () => new Date(Date.now() + state.skewMs),
      nonce: () => randomInt(1, 2 ** 47),
      version: '1.2.3',
      ...(page === undefined ? {} : { page }),
    },
  );
  const { url } = server;
  const own = new URL(url).host;

  const send: ServedPage['send'] = (path, { as, cookie, method = 'GET', host = own, headers = {}, body = '' } = {}) => {
    const [pathname = '/', query = ''] = path.split('?');
    const plain = { method, scheme: 'http' as const, host, path: pathname, query, headers, body };
    const proven =
      as === undefined
        ? headers
        : sign(
            plain,
            { id: `AKID${as.toUpperCase()}`, secret: new Secret(secrets[as]) },
            { now: new Date(Date.now() + state.skewMs), region: 'local', service: 'credmint' },
          ).headers;
    // By node:http, as fetch has headers of its own that a browser would send otherwise.
    return new Promise((resolve, reject) => {
      const outgoing = request(`${url}${path}`, {
        method,
        agent: false,
        headers: {
          ...proven,
          host,
          ...(cookie === undefined ? {} : { cookie }),
          'content-length': Buffer.byteLength(body),
        },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const told = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
        const hasBody = method !== 'HEAD' && incoming.statusCode !== 204;
        const answer = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null;
        resolve(new Response(answer, { status: incoming.statusCode ?? 0, headers: told }));
      });
      outgoing.end(body);
    });
  };
  const link = async (): Promise<string> =>
    (await (await send('/console/link', { as: 'ops', method: 'POST' })).text()).trim();
  return Object.assign(state, {
    url,
    cloud,
    auditPath,
    send,
    link,
    mint: (roleSessionName: string, roleArn = role) =>
      send('/assumeRole', {
        as: 'ci',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account: 'aws', roleArn, roleSessionName }),
      }),
    session: async () => {
      const entered = await send((await link()).slice(url.length));
      return (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    },
    reload: (more: object) => server.reload(configOf(more)),
    close: async () => {
      await server.leave(0);
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
};
