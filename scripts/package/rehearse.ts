import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Target } from '../bundle.ts';
import { issuerName, type PackageConfiguration, packagedName } from './configuration.ts';
import type { FunctionPackage } from './function-package.ts';
import { PackageError } from './package-error.ts';
import { rehearsedConfiguration } from './rehearsed-configuration.ts';

/** How long a first answer may take on a busy machine, in milliseconds. */
const maxRehearsalMs = 60_000;

/**
 * Loads a package, hands it one event, and exits with 0 if it answered as a function does that is whole: also that it
 * cannot reach its store, as nothing here may be reached. What is wrong with the package itself is printed.
 */
const program = `
  const { Socket } = require('node:net');
  Socket.prototype.connect = function () {
    process.nextTick(() => this.destroy(Object.assign(new Error('nothing is reached in a rehearsal'), { code: 'ECONNREFUSED' })));
    return this;
  };
  const fail = (why) => { process.stderr.write(String(why && why.stack || why) + '\\n'); process.exit(1); };
  const context = { getRemainingTimeInMillis: () => 10000 };
  const { handler } = require(process.argv[1]);
  if (typeof handler !== 'function') fail('It exports no handler.');
  const event = JSON.parse(process.argv[2]);
  if (event === null) process.exit(0);
  handler(event, context).then(
    (reply) => {
      if (reply && reply.statusCode === 500) fail(reply.body);
      process.exit(0);
    },
    (thrown) => (['CloudUnavailable', 'Unavailable'].includes(thrown?.code) ? process.exit(0) : fail(thrown)),
  );`;

type HttpEvent = (method: string, path: string) => object;

const headers = { host: 'rehearsal.example.com', 'content-type': 'application/json' };
const bodyOf = (method: string): string => (method === 'GET' ? '' : '{}');

/** A request as the platform hands it over. */
const httpEvents: Readonly<Record<Target, HttpEvent>> = {
  aws: (method, path) => ({
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers,
    requestContext: { http: { method, path, sourceIp: '192.0.2.1' }, stage: '$default' },
    body: bodyOf(method),
    isBase64Encoded: false,
  }),
  tencent: (method, path) => ({
    httpMethod: method,
    path,
    queryString: {},
    headers,
    requestContext: { httpMethod: method, path, sourceIp: '192.0.2.1', stage: 'release' },
    body: bodyOf(method),
    isBase64Encoded: false,
  }),
};

/** An event that opens a function and has nothing else done, by the source that the function is made from. */
const events: readonly (readonly [source: string, event: object])[] = [
  ['lib/app/functions/schedule.ts', { 'detail-type': 'Scheduled Event', Type: 'Timer' }],
  [
    'lib/app/functions/events.ts',
    { Records: [{ eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:rehearsal', messageId: '1', body: '{}' }] },
  ],
];

const eventFor = (
  { sources, files, target }: FunctionPackage,
  { written, standIns }: PackageConfiguration,
): object | null => {
  const httpEvent = httpEvents[target];
  // Without an issuer there are no documents to answer with.
  if (sources.has('lib/app/functions/documents.ts')) {
    return files.has(issuerName) ? httpEvent('GET', '/.well-known/jwks.json') : null;
  }
  if (!files.has(packagedName)) return httpEvent('GET', '/health');
  if (standIns.unknown.length > 0) return null;
  if (sources.has('lib/app/functions/http.ts')) return httpEvent('POST', '/');
  const [source, event] = events.find(([name]) => sources.has(name)) ?? [];
  // Without events there is nothing that such a function could answer.
  const idle = source === 'lib/app/functions/events.ts' && written.events === undefined;
  return idle ? null : (event ?? null);
};

/**
 * Runs a package once, in a process and a folder of its own, with stand-ins for what only the platform has; nothing is
 * reached over the network. Rejects with a PackageError that has what the function printed.
 */
export const rehearse = async (packed: FunctionPackage, configuration: PackageConfiguration): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'credmint-rehearsal-'));
  try {
    const { written, environment } = rehearsedConfiguration(configuration);
    for (const [name, content] of packed.files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), name === packed.code ? packed.codeWith(written) : content);
    }
    const code = join(folder, packed.code);
    const event = JSON.stringify(eventFor(packed, configuration));
    const { status, output } = await run(['--eval', program, code, event], folder, environment);
    if (status !== 0) throw new PackageError(`The package of ${packed.name} does not run:\n${output.trim()}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const run = (
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { cwd, env, timeout: maxRehearsalMs });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece: Buffer) => (output += piece.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
