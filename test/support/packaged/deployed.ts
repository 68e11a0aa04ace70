import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a gateway gets back from a function. */
export interface Reply {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

export interface Invocation {
  /** The unpacked artifact, which is the function's working folder. */
  readonly folder: string;
  /** The bundle, from there. */
  readonly bundle: string;
  readonly event: unknown;
  readonly env?: Readonly<Record<string, string>>;
  /** The Node that runs it: this one where nothing is said. */
  readonly node?: string;
}

export interface Outcome {
  readonly reply: Reply;
  /** All that the function printed. */
  readonly log: string;
}

// The reply goes by a channel of its own: what the function prints is its log.
const runtime = `
  const { handler } = require(process.argv[1]);
  const context = {
    awsRequestId: '8e3c7a52-0a5d-4f43-9d5c-6a1f0b7c2d19',
    functionName: 'credmint',
    getRemainingTimeInMillis: () => 10_000,
  };
  handler(JSON.parse(require('node:fs').readFileSync(0, 'utf8')), context).then(
    (reply) => { require('node:fs').writeSync(3, JSON.stringify(reply)); process.exit(0); },
    (error) => { console.error(error); process.exit(1); },
  );
`;

/** Runs a deployed bundle on one event in a fresh process, as a platform's runtime does. */
export const invoke = ({ folder, bundle, event, env = {}, node = process.execPath }: Invocation): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(node, ['--eval', runtime, join(folder, bundle)], {
      cwd: folder,
      env,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    const said = ['', '', '', ''];
    for (const channel of [1, 2, 3]) {
      child.stdio[channel]?.on('data', (chunk: Buffer) => {
        said[channel] += chunk.toString();
      });
    }
    child.on('error', reject);
    child.on('close', (status) => {
      const log = `${said[1]}${said[2]}`;
      if (status === 0) resolve({ reply: JSON.parse(said[3] ?? '') as Reply, log });
      else reject(new Error(`The function exited ${status}:\n${log}`));
    });
    child.stdin?.end(JSON.stringify(event));
  });

/** An event as the platform recorded it, from events/. */
export const recorded = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../package/events/${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;

/** The first Node of this major version on the machine; a project's own `.bin` may stand before it in the path. */
export const installedNode = (major: number): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((node) =>
      spawnSync(node, ['--print', 'process.versions.node'], { encoding: 'utf8' }).stdout?.startsWith(`${major}.`),
    );
