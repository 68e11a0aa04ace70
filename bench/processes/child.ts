import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own, which answers one message at a time. */
export interface Child {
  /** What it said when it was ready. */
  readonly ready: unknown;
  ask(question: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** A message from a process, or its end as an error. */
const heard = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`${child.spawnargs[1]} ended with ${code}.`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });

/** Starts a file as a process. What it prints goes nowhere, but for its errors. */
export const start = async (file: URL, args: readonly string[] = [], flags: readonly string[] = []): Promise<Child> => {
  const child = fork(fileURLToPath(file), args, {
    execArgv: [...flags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    ready: await heard(child),
    ask: (question) => {
      child.send(question);
      return heard(child);
    },
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
};
