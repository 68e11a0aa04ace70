import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** So many equal requests at once. */
export interface Task {
  readonly name: string;
  readonly count: number;
}

/** How many got what: a key's id with its token, or the code of an error. */
export interface Report {
  readonly outcomes: Readonly<Record<string, number>>;
}

/** One instance of the mint, as a process. */
export interface Instance {
  run(task: Task): Promise<Report>;
  /** Ends it as a machine ends that loses its power. */
  kill(): Promise<void>;
}

const file = fileURLToPath(new URL('process.ts', import.meta.url));

export const startInstance = async (redisPort: number, cloudUrl: string): Promise<Instance> => {
  const child: ChildProcess = fork(file, [String(redisPort), cloudUrl], { execArgv: [] });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => {
      throw new Error(`An instance ended with ${code}.`);
    }),
  ]);
  return {
    run: async (task) => {
      const report = once(child, 'message');
      child.send(task);
      return (await report)[0] as Report;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
