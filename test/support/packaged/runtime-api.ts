import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** How an invocation ended: with what the function returned, or with the error that its runtime reports. */
export type Ended =
  | { readonly reply: unknown }
  | { readonly error: { readonly errorType: string; readonly errorMessage: string } };

/** One instance of a function, as Lambda runs it. */
export interface Instance {
  invoke(event: unknown): Promise<Ended>;
  /** Stops the process as Lambda does between two invocations: not even a timer runs. */
  freeze(): void;
  thaw(): void;
  /** All that the function printed. */
  log(): string;
  close(): Promise<void>;
}

interface Setup {
  /** The unpacked package. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

const client = fileURLToPath(new URL('./runtime-client.cjs', import.meta.url));
const deadlineMs = 60_000;

/**
 * The Runtime API of Lambda on this machine, and a runtime that asks it for events. The runtime starts in another folder
 * than the function's, which it knows by `LAMBDA_TASK_ROOT` alone.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export const startInstance = async ({ folder, env = {} }: Setup): Promise<Instance> => {
  const waiting: { readonly event: unknown; readonly end: (ended: Ended) => void }[] = [];
  const running = new Map<string, (ended: Ended) => void>();
  let asking: ServerResponse | undefined;
  const next = (): void => {
    if (asking === undefined) return;
    const first = waiting.shift();
    if (first === undefined) return;
    const id = randomUUID();
    running.set(id, first.end);
    asking.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + deadlineMs),
    });
    asking.end(JSON.stringify(first.event));
    asking = undefined;
  };
  const api = createServer((message, response) => {
    const [, id = '', what] = /^\/2018-06-01\/runtime\/invocation\/([^/]+)(?:\/(\w+))?$/.exec(message.url ?? '') ?? [];
    if (id === 'next') {
      asking = response;
      next();
      return;
    }
    const pieces: Buffer[] = [];
    message.on('data', (piece: Buffer) => pieces.push(piece));
    message.on('end', () => {
      const body = JSON.parse(Buffer.concat(pieces).toString() || 'null');
      running.get(id)?.(what === 'response' ? { reply: body } : { error: body });
      running.delete(id);
      response.writeHead(202).end('{"status":"OK"}');
    });
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const { port } = api.address() as AddressInfo;
  let log = '';
  const child: ChildProcess = spawn(process.execPath, [client], {
    cwd: '/',
    env: { ...env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`, LAMBDA_TASK_ROOT: folder, _HANDLER: 'index.handler' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => {
      log += piece.toString();
    });
  }
  const ended = once(child, 'close').then(() => {
    const error = { errorType: 'Runtime.ExitError', errorMessage: log };
    for (const end of [...running.values(), ...waiting.map((one) => one.end)]) end({ error });
  });
  return {
    invoke: (event) =>
      new Promise((end) => {
        waiting.push({ event, end });
        next();
      }),
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    log: () => log,
    close: async () => {
      child.kill('SIGKILL');
      await ended;
      api.closeAllConnections();
      await new Promise((done) => api.close(done));
    },
  };
};
