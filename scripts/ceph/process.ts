import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

/** How long any one step may take on a busy machine, in milliseconds. */
const maxStepMs = 120_000;

/** How long a program may take to end once it is told to, in milliseconds. */
const maxEndMs = 10_000;

/** Programs that go on, of which none outlives this process. */
const daemons = new Set<ChildProcess>();

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const killAll = (): void => {
  for (const child of daemons) child.kill('SIGKILL');
};

const endWithThisProcess = (child: ChildProcess): void => {
  if (daemons.size === 0) {
    process.once('exit', killAll);
    // By itself, Node ends at a signal without the event `exit`.
    for (const signal of signals) process.once(signal, endNow);
  }
  daemons.add(child);
  child.once('exit', () => {
    daemons.delete(child);
    if (daemons.size > 0) return;
    process.off('exit', killAll);
    for (const signal of signals) process.off(signal, endNow);
  });
};

const endNow = (): void => process.exit(1);

/** Runs a program to its end and gives what it printed; its messages go nowhere unless it fails. */
export const run = async (program: string, args: readonly string[], input?: string): Promise<string> => {
  const running = promisify(execFile)(program, args, { timeout: maxStepMs, maxBuffer: 16 * 1024 * 1024 });
  running.child.stdin?.end(input);
  return (await running).stdout;
};

/** A program that goes on until it is stopped, or this process ends. */
export interface Daemon {
  readonly pid: number | undefined;
  /** Ends it, and resolves once it is gone. */
  stop(): Promise<void>;
  /** Whether it has ended by itself. */
  hasEnded(): boolean;
}

interface DaemonOptions {
  /** The file that it writes all it says to. */
  readonly log: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export const startDaemon = (program: string, args: readonly string[], options: DaemonOptions): Daemon => {
  const log = openSync(options.log, 'a', 0o600);
  const env = { ...process.env, ...options.environment };
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', log, log], env });
  const ended = once(child, 'exit');
  endWithThisProcess(child);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid,
    hasEnded,
    stop: async () => {
      if (!hasEnded()) child.kill('SIGTERM');
      // Nothing of a cluster that is thrown away needs to be written.
      const late = setTimeout(() => child.kill('SIGKILL'), maxEndMs);
      await ended;
      clearTimeout(late);
    },
  };
};

/** Ports of 127.0.0.1 that nobody uses, so many. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
};

/** Resolves once an address answers, whatever it says; fails if the daemon behind it ends, or after the longest step. */
export const answers = async (url: string, daemon: Daemon): Promise<void> => {
  for (const until = Date.now() + maxStepMs; Date.now() < until; ) {
    if (daemon.hasEnded()) break;
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (answer !== undefined) return;
    await new Promise((resume) => setTimeout(resume, 250));
  }
  throw new Error(`Nothing answers at ${url}.`);
};
