import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AccessKey } from '../../lib/core/credentials.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** How AssumeRole is asked for. */
export interface AssumeOptions {
  /** Absent is `aws`. */
  readonly account?: string;
  /** When it is signed; absent is now. */
  readonly now?: Date;
  /** Absent is the key of `ci`. */
  readonly by?: AccessKey;
  /** More headers, which are not signed. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** `npm start` with a configuration, as a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly folder: string;
  readonly child: ChildProcess;
  /** Resolves once a line with these words was printed, now or earlier. */
  says(words: string): Promise<string>;
  get(path: string): Promise<Said>;
  /** What the check of the image finds, with these changes of its environment. */
  healthy(changes?: Readonly<Record<string, string>>): Promise<boolean>;
  /** Asks the JSON API as `ci`, on a connection of its own. */
  assume(sessionName: string, how?: AssumeOptions): Promise<Said>;
  /** Sends a request to the JSON API, signed by this key. */
  ask(path: string, body: object, key: AccessKey): Promise<Said>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  close(): Promise<void>;
}

/** The key of `ci`. */
export const callerKey: AccessKey = { id: 'AKIDCALLER', secret: new Secret('the-secret-of-the-caller') };
const start = fileURLToPath(new URL('../../bin/start.ts', import.meta.url));
const healthy = fileURLToPath(new URL('../../bin/healthcheck.ts', import.meta.url));

/** An account at a cloud of the test's own. */
export const account = (url: string) => ({
  cloud: 'aws',
  endpoint: `${url}/`,
  key: { id: 'AKIDACCOUNT', secret: 'env:ACCOUNT' },
});

/** A key that signs the checkpoints of an audit log, as PEM. */
export const newAuditKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

const configPath = (folder: string): string => join(folder, 'credmint.config.json');

/** Writes a configuration into a folder, for the next server there or for SIGHUP. The audit key is made once. */
export const writeConfig = (folder: string, written: object): void => {
  const auditKey = join(folder, 'audit.pem');
  if (!existsSync(auditKey)) writeFileSync(auditKey, newAuditKey(), { mode: 0o600 });
  writeFileSync(
    configPath(folder),
    JSON.stringify({
      callers: { ci: { accessKey: { id: callerKey.id, secret: 'env:CALLER' } } },
      grants: [{ name: 'ci', callers: ['ci'], account: 'aws', operations: ['AssumeRole'], roles: ['**'] }],
      audit: { sink: { kind: 'file', path: 'audit.jsonl' }, key: 'file:audit.pem' },
      ...written,
    }),
  );
};

const ask = (url: string, path: string, headers: object = {}, body?: string): Promise<Said> =>
  new Promise((resolve, reject) => {
    const outgoing = send(
      new URL(path, url),
      { agent: new Agent(), method: body === undefined ? 'GET' : 'POST', headers: { ...headers } },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (piece) => {
          text += piece;
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });

/** A request to the JSON API, signed. */
const signed = (
  url: string,
  path: string,
  asked: object,
  { now = new Date(), by = callerKey, headers: more = {} }: AssumeOptions = {},
) => {
  const body = JSON.stringify(asked);
  const { host } = new URL(url);
  const { headers } = sign(
    { method: 'POST', scheme: 'http', host, path, query: '', headers: { 'content-type': 'application/json' }, body },
    by,
    { now, region: 'local', service: 'credmint' },
  );
  return { path, headers: { ...headers, ...more, 'content-length': String(Buffer.byteLength(body)) }, body };
};

/** AssumeRole by the JSON API, signed. */
export const signedAssume = (url: string, sessionName: string, options: AssumeOptions = {}) =>
  signed(
    url,
    '/assumeRole',
    { account: options.account ?? 'aws', roleArn: 'arn:aws:iam::123456789012:role/demo', roleSessionName: sessionName },
    options,
  );

/** What a server is started with besides its configuration. */
export interface StartOptions {
  /** Absent is a new one. */
  readonly folder?: string;
  /** More variables of its environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A folder of a test's own. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'credmint-server-'));

/** Starts a server with this configuration in this folder. */
export const startServer = (
  written: object,
  { folder = newFolder(), variables = {} }: StartOptions = {},
): Promise<ServerProcess> => {
  writeConfig(folder, written);
  return startAnother(folder, variables);
};

/** The environment of a server in this folder. */
export const variablesOf = (folder: string, more: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env['PATH'],
  CREDMINT_CONFIG: configPath(folder),
  PORT: '0',
  ...more,
  CALLER: callerKey.secret.reveal(),
  ACCOUNT: 'the-secret-of-the-account',
  SEAL: 'a seal of more than thirty-two characters',
});

/** Starts one more server with the configuration that is in this folder. */
export const startAnother = async (
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> => {
  const env = variablesOf(folder, variables);
  const child = spawn(process.execPath, [start], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.resume();
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  const lines: string[] = [];
  const waiting: { readonly words: string; readonly heard: (line: string) => void }[] = [];
  createInterface(child.stderr).on('line', (line) => {
    lines.push(line);
    for (const { words, heard } of waiting) if (line.includes(words)) heard(line);
  });
  const says = (words: string): Promise<string> =>
    new Promise((heard) => {
      const line = lines.find((one) => one.includes(words));
      if (line === undefined) waiting.push({ words, heard });
      else heard(line);
    });
  const line = await Promise.race([says('credmint serves'), ended.then(() => undefined)]);
  const url = /https?:[^\s"]+/.exec(line ?? '')?.[0];
  if (url === undefined) throw new Error(`The server does not start:\n${lines.join('\n')}`);
  return {
    url,
    folder,
    child,
    says,
    ended,
    get: (path) => ask(url, path),
    healthy: async (changes = {}) => {
      const { port } = new URL(url);
      const check = spawn(process.execPath, [healthy], { env: { ...env, PORT: port, ...changes }, stdio: 'ignore' });
      return (await once(check, 'exit'))[0] === 0;
    },
    assume: (sessionName, how) => {
      const { path, headers, body } = signedAssume(url, sessionName, how);
      return ask(url, path, headers, body);
    },
    ask: (path, asked, by) => {
      const { headers, body } = signed(url, path, asked, { by });
      return ask(url, path, headers, body);
    },
    close: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
