import { spec } from '../../functions/sts.ts';
import { answerer } from '../../lib/app/answerer.ts';
import { compose } from '../../lib/app/compose.ts';
import type { AppDeps } from '../../lib/app/deps.ts';
import { createBroker } from '../../lib/broker/broker.ts';
import { readConfig } from '../../lib/config/load.ts';
import type { AuditRecord } from '../../lib/core/audit.ts';
import type { HttpHeaders, HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

/** The rooms of a configuration, with no server before them, and the caller `ci` who may have everything. */
export interface Furnished {
  readonly records: AuditRecord[];
  /** The clock, in milliseconds; it stands still. */
  at: number;
  /** Asks the JSON API as `ci`. */
  ask(path: string, body: object, deadline?: number): Promise<Said>;
  /** Whatever is sent, as it is. */
  send(request: HttpRequest, deadline?: number): Promise<Said>;
}

export interface Said {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export const callersKey = { id: 'AKIDCALLER', secret: 'the-secret-of-the-caller' };

const usual = (accounts: Readonly<Record<string, unknown>>) => ({
  callers: { ci: { accessKey: { id: callersKey.id, secret: 'env:CALLER' } } },
  grants: Object.keys(accounts).map((account) => ({
    name: `ci-${account}`,
    callers: ['ci'],
    account,
    operations: [
      'AssumeRole',
      'GetFederationToken',
      'GetSessionToken',
      'AssumeRoleWithWebIdentity',
      'GetCallerIdentity',
    ],
    roles: ['**'],
    accepts: ['policy', 'tags', 'sourceIdentity'],
  })),
});

export const openFurnished = (
  written: { readonly accounts: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>>,
  changes: Partial<AppDeps> = {},
  folder = '/nowhere',
): Furnished => {
  const records: AuditRecord[] = [];
  const now = () => new Date(composed.at);
  const appDeps: AppDeps = {
    store: memoryStore(now),
    transport: nodeTransport(),
    audit: async (record) => {
      records.push(record);
    },
    now,
    nonce: () => 42,
    ...changes,
  };
  const config = readConfig(
    { ...usual(written.accounts), ...written },
    { folder, environment: { CALLER: callersKey.secret, ...environment } },
  );
  const answer = answerer(createBroker(compose(spec, config, appDeps)), now);
  const composed: Furnished = {
    records,
    at: Date.parse('2026-01-01T00:00:00Z'),
    send: async ({ method, path, query, headers, host, body: sent }, deadline = 5000) => {
      const response = await answer(
        { method, path, query, headers: { host, ...headers }, body: Buffer.from(sent) },
        deadline,
      );
      return { status: response.status, headers: response.headers, text: response.body, body: jsonOf(response.body) };
    },
    ask: (path, body, deadline) => {
      const request: HttpRequest = {
        method: 'POST',
        scheme: 'https',
        host: 'credmint.example.com',
        path,
        query: '',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      };
      const key = { id: callersKey.id, secret: new Secret(callersKey.secret) };
      return composed.send(sign(request, key, { now: now(), region: 'local', service: 'credmint' }), deadline);
    },
  };
  return composed;
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
