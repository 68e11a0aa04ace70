import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
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
  assume(sessionName: string, account?: string, headers?: Readonly<Record<string, string>>): Promise<Said>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  close(): Promise<void>;
}

const key = { id: 'AKIDCALLER', secret: 'the-secret-of-the-caller' };
const start = fileURLToPath(new URL('../../bin/start.ts', import.meta.url));
const healthy = fileURLToPath(new URL('../../bin/healthcheck.ts', import.meta.url));

/** An account at a cloud of the test's own. */
export const account = (url: string) => ({
  cloud: 'aws',
  endpoint: `${url}/`,
  key: { id: 'AKIDACCOUNT', secret: 'env:ACCOUNT' },
});

const configPath = (folder: string): string => join(folder, 'credmint.config.json');

const writeConfig = (folder: string, written: object): void => {
  const auditKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(folder, 'audit.pem'), auditKey, { mode: 0o600 });
  writeFileSync(
    configPath(folder),
    JSON.stringify({
      callers: { ci: { accessKey: { id: key.id, secret: 'env:CALLER' } } },
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

/** AssumeRole by the JSON API, signed now. */
export const signedAssume = (url: string, sessionName: string, account = 'aws') => {
  const path = '/assumeRole';
  const body = JSON.stringify({
    account,
    roleArn: 'arn:aws:iam::123456789012:role/demo',
    roleSessionName: sessionName,
  });
  const { host } = new URL(url);
  const { headers } = sign(
    { method: 'POST', scheme: 'http', host, path, query: '', headers: { 'content-type': 'application/json' }, body },
    { id: key.id, secret: new Secret(key.secret) },
    { now: new Date(), region: 'local', service: 'credmint' },
  );
  return { path, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, body };
};

const assume = (url: string, sessionName: string, account?: string, more: object = {}): Promise<Said> => {
  const { path, headers, body } = signedAssume(url, sessionName, account);
  return ask(url, path, { ...headers, ...more }, body);
};

/** Starts a server with this configuration in this folder. */
export const startServer = (
  written: object,
  folder = mkdtempSync(join(tmpdir(), 'credmint-server-')),
): Promise<ServerProcess> => {
  writeConfig(folder, written);
  return startAnother(folder);
};

/** Starts one more server with the configuration that is in this folder. */
export const startAnother = async (
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> => {
  const env = {
    PATH: process.env['PATH'],
    CREDMINT_CONFIG: configPath(folder),
    PORT: '0',
    ...variables,
    CALLER: key.secret,
    ACCOUNT: 'the-secret-of-the-account',
    SEAL: 'a seal of more than thirty-two characters',
  };
  const child = spawn(process.execPath, [start], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
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
    assume: (sessionName, name, headers) => assume(url, sessionName, name, headers),
    close: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
