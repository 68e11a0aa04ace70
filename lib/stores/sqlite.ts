import { statSync } from 'node:fs';
import type { OpenStore, Store } from '../core/store.ts';
import { guardStore } from './guard-store.ts';
import { isFull, openSqliteFile, type SqliteFile, type SqliteLimits } from './sqlite-file.ts';
import type { StoreBreaker } from './store-breaker.ts';

/**
 * Remembers in a file that the processes of one machine share. Throws if the file cannot be opened. A value survives
 * the end of any process; a power failure may lose those of the last few milliseconds. A file that is full of what has not
 * expired takes nothing more. If the file was removed or replaced, the one that is there is used within a second.
 */
export const sqliteStore = (
  path: string,
  now: () => Date,
  limits: SqliteLimits = {},
  breaker?: StoreBreaker,
): OpenStore => {
  const { current, close } = fileInPlace(path, now, () => openSqliteFile(path, now, limits), breaker);
  const operations: Store = {
    get: async (...all) => current().operations.get(...all),
    put: async (...all) => current().operations.put(...all),
    lock: async (...all) => current().operations.lock(...all),
    putAndUnlock: async (...all) => current().operations.putAndUnlock(...all),
    unlock: async (...all) => current().operations.unlock(...all),
    acquire: async (...all) => current().operations.acquire(...all),
    release: async (...all) => current().operations.release(...all),
    consume: async (...all) => current().operations.consume(...all),
  };
  const store = guardStore(operations, { breaker, probe: async () => current().probe(), isAnswer: isFull });
  return { ...store, close: async () => close() };
};

/** How often to check whether the file is still the one that was opened. */
const checkEveryMs = 1_000;

/** Which file a path leads to. */
const fileAt = (path: string): string | undefined => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
};

/**
 * The file that the path leads to. One that was removed would go on working for this process, and no other would see what
 * is in it: each would count and remember for itself.
 */
const fileInPlace = (
  path: string,
  now: () => Date,
  open: () => SqliteFile,
  breaker: StoreBreaker | undefined,
): { readonly current: () => SqliteFile; readonly close: () => void } => {
  let file = open();
  let opened = fileAt(path);
  let checkedAt = now().getTime();
  let isClosed = false;
  return {
    current: () => {
      const at = now().getTime();
      if (isClosed || Math.abs(at - checkedAt) < checkEveryMs) return file;
      if (fileAt(path) !== opened) {
        breaker?.refused(Object.assign(new Error('The store file was removed or replaced.'), { code: 'FileReplaced' }));
        // The one before is not closed: SQLite would remove the journal of the one that is there, by its name.
        file = open();
        opened = fileAt(path);
      }
      checkedAt = at;
      return file;
    },
    close: () => {
      isClosed = true;
      file.close();
    },
  };
};
