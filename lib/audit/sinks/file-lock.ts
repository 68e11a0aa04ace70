import { open } from 'node:fs/promises';

/** A lock that this process holds. */
export interface FileLock {
  release(): void;
}

/** Locks a path for this process; resolves to undefined if another one holds it. */
export type LockFile = (path: string) => Promise<FileLock | undefined>;

/**
 * Locks by a file beside the path, `PATH.lock`, which stays there. Node cannot lock files, but SQLite can: the system
 * releases such a lock when its process ends, however it ends, so none is left behind and no process id is compared.
 * https://www.sqlite.org/lockingv3.html
 */
export const lockFile: LockFile = async (path) => {
  // Loaded here alone: the Node of SCF, which has no file sink, has no SQLite either.
  const { DatabaseSync } = await import('node:sqlite');
  const lockPath = `${path}.lock`;
  await (await open(lockPath, 'a', 0o600)).close();
  const database = new DatabaseSync(lockPath, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    database.close();
    if (isBusy(thrown)) return undefined;
    throw thrown;
  }
  return { release: () => database.close() };
};

const busy = 5;

const isBusy = (thrown: unknown): boolean => thrown instanceof Error && 'errcode' in thrown && thrown.errcode === busy;
