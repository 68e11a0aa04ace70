import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Whether this machine has the program. Where it has not, the tests that need it are reported as skipped. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A real redis-server of a test's own, on this machine alone, that writes nothing to disk. */
export interface RedisProcess {
  readonly port: number;
  /** Stops answering, without a word to those who are connected; `resume` lets it go on. */
  freeze(): void;
  /** Resolves once the server has written a line with these words into its log, now or earlier. */
  says(words: string): Promise<void>;
  resume(): void;
  kill(): Promise<void>;
}

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
};

/** Starts one; on a port of its own unless told. Options are those of the program's configuration. */
export const startRedis = async ({
  port,
  options = [],
}: {
  readonly port?: number;
  readonly options?: readonly string[];
} = {}): Promise<RedisProcess> => {
  for (let tries = 0; tries < 5; tries++) {
    const chosen = port ?? (await freePort());
    const folder = mkdtempSync(join(tmpdir(), 'credmint-redis-'));
    const listen = options.includes('--tls-port') ? [] : ['--port', String(chosen)];
    const child = spawn(
      'redis-server',
      [...listen, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, ...options].map((word) =>
        word === '{port}' ? String(chosen) : word,
      ),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exit = once(child, 'exit').finally(() => rmSync(folder, { recursive: true, force: true }));
    const says = logOf(child);
    if (await Promise.race([says('Ready to accept connections').then(() => true), exit.then(() => false)])) {
      return {
        port: chosen,
        says,
        // It sleeps in its event loop, so the signal takes hold before the next command is read.
        freeze: () => child.kill('SIGSTOP'),
        resume: () => child.kill('SIGCONT'),
        kill: async () => {
          child.kill('SIGKILL');
          await exit;
        },
      };
    }
    // Somebody was quicker to have the port.
  }
  throw new Error('redis-server does not start.');
};

const logOf = (child: ChildProcess): ((words: string) => Promise<void>) => {
  const lines: string[] = [];
  const waiting: { readonly words: string; readonly heard: () => void }[] = [];
  if (child.stdout === null) throw new Error('redis-server has no log.');
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    for (const { words, heard } of waiting) if (line.includes(words)) heard();
  });
  return (words) =>
    new Promise((heard) => {
      if (lines.some((line) => line.includes(words))) heard();
      else waiting.push({ words, heard });
    });
};
