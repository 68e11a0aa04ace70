import { spawn } from 'node:child_process';
import type { Environment } from '../../lib/client/settings.ts';

/** How a child ended: its own exit code, the signal that ended it, or why it did not begin. */
export type ChildEnd =
  | { readonly code: number }
  | { readonly signal: NodeJS.Signals }
  | { readonly code: number; readonly error: string };

/** Signals that are passed on. A terminal's Ctrl-C reaches the child by itself, and must not end us before it. */
const passedOn = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
const left = ['SIGINT', 'SIGQUIT'] as const;

/** Runs a command on our own terminal. 127 is that there is no such command and 126 that it cannot be run (POSIX). */
export const runChild = ([file = '', ...args]: readonly string[], environment: Environment): Promise<ChildEnd> =>
  new Promise((resolve) => {
    const relay = (signal: NodeJS.Signals): void => void child.kill(signal);
    const leave = (): void => undefined;
    // Before the child begins: a signal that comes at once would end us and leave the child running.
    for (const signal of passedOn) process.on(signal, relay);
    for (const signal of left) process.on(signal, leave);
    const child = spawn(file, args, { stdio: 'inherit', env: environment as NodeJS.ProcessEnv });
    const end = (how: ChildEnd): void => {
      for (const signal of passedOn) process.off(signal, relay);
      for (const signal of left) process.off(signal, leave);
      resolve(how);
    };
    child.on('error', ({ code }: NodeJS.ErrnoException) =>
      end(code === 'ENOENT' ? { code: 127, error: 'there is no such command' } : { code: 126, error: 'cannot be run' }),
    );
    child.on('exit', (code, signal) => end(signal === null ? { code: code ?? 1 } : { signal }));
  });
