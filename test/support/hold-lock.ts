import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own that holds the lock of a path until it is killed. */
export interface LockHolder {
  kill(): Promise<void>;
}

const lockModule = fileURLToPath(new URL('../../lib/audit/sinks/file-lock.ts', import.meta.url));

const program = `
  const { lockFile } = await import(${JSON.stringify(lockModule)});
  globalThis.held = await lockFile(process.argv[1]);
  process.stdout.write('held');
  setInterval(() => undefined, 1_000);
`;

export const holdLock = async (path: string): Promise<LockHolder> => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
};
