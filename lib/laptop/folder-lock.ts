import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from '../audit/sinks/file-lock.ts';
import { StsError } from '../core/errors.ts';
import { isObject, readJson } from '../wire/json.ts';
import { privateFolder, writePrivate } from './files.ts';

/** A folder that this server alone uses. */
export interface FolderLock {
  /** Tells servers that are refused the folder where this one listens. */
  name(url: string): void;
  release(): void;
}

/**
 * Locks the folder of a laptop's server, so that a second one does not rewrite what the first one serves. Rejects with an
 * StsError that names the server which has the folder.
 */
export const lockFolder = async (folder: string): Promise<FolderLock> => {
  privateFolder(folder);
  const holderPath = join(folder, 'server.json');
  const lock = await lockFile(join(folder, 'server'));
  if (lock === undefined) {
    throw new StsError(
      'Misconfigured',
      `${folder} is in use by ${holderOf(holderPath)}. Stop that server, or give this one another folder with CREDMINT_DIR, or --dir of credmint authority.`,
    );
  }
  // Of a server that was killed: its process may be another's by now.
  rmSync(holderPath, { force: true });
  return {
    name: (url) => writePrivate(holderPath, `${JSON.stringify({ url, pid: process.pid })}\n`),
    release: () => {
      rmSync(holderPath, { force: true });
      lock.release();
    },
  };
};

/** The server that wrote the file, in words. */
const holderOf = (path: string): string => {
  try {
    const holder = readJson(readFileSync(path, 'utf8'));
    if (isObject(holder)) return `the server at ${holder['url']} (process ${holder['pid']})`;
  } catch {
    // It has the lock and has not said yet where it listens.
  }
  return 'another server, which is starting';
};
