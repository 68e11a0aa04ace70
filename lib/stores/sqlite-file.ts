import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StsError } from '../core/errors.ts';
import type { Store } from '../core/store.ts';

/** The limits of the file. */
export interface SqliteLimits {
  readonly maxBytes?: number;
  /** How long to wait while another process writes. The whole process waits, since SQLite runs on the main thread. */
  readonly busyTimeoutMs?: number;
}

/** One write in this many first deletes what has expired, at most twice as many rows: short, and it keeps up. */
const writesBetweenSweeps = 128;

const pageBytes = 4096;

const schema = `
  PRAGMA page_size = ${pageBytes};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS entries (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, amount INTEGER NOT NULL, expires INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX IF NOT EXISTS entries_by_expiration ON entries (expires);
`;

/** A file that is open. */
export interface SqliteFile {
  readonly operations: Store;
  /** Throws if the file cannot be written. */
  probe(): void;
  close(): void;
}

/** Opens a file, or makes it. Throws an StsError if it cannot be opened. */
export const openSqliteFile = (
  path: string,
  now: () => Date,
  { maxBytes = 2 ** 30, busyTimeoutMs = 100 }: SqliteLimits,
): SqliteFile => {
  const database = openPrivately(path, busyTimeoutMs);
  database.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / pageBytes)}`);
  const value = database.prepare("SELECT value FROM entries WHERE kind = 'value' AND key = ? AND expires > ?");
  const put = database.prepare(
    `INSERT INTO entries VALUES ('value', ?, ?, 0, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, expires = excluded.expires`,
  );
  /** Of a kind that one alone may have, until it expires: 'claim' or 'lock'. */
  const take = database.prepare(
    `INSERT INTO entries VALUES (?, ?, '', 0, ?)
     ON CONFLICT DO UPDATE SET expires = excluded.expires WHERE entries.expires <= ?`,
  );
  const giveBack = database.prepare('DELETE FROM entries WHERE kind = ? AND key = ?');
  const counter = database.prepare("SELECT amount FROM entries WHERE kind = 'counter' AND key = ? AND expires > ?");
  const begin = database.prepare(
    `INSERT INTO entries VALUES ('counter', ?, '', ?, ?)
     ON CONFLICT DO UPDATE SET amount = excluded.amount, expires = excluded.expires`,
  );
  const add = database.prepare("UPDATE entries SET amount = amount + ? WHERE kind = 'counter' AND key = ?");
  const sweep = database.prepare(
    'DELETE FROM entries WHERE (kind, key) IN (SELECT kind, key FROM entries WHERE expires <= ? LIMIT ?)',
  );

  let writes = 0;
  /** Before the write, or a full file could never be emptied. */
  const makeRoom = (): void => {
    if (++writes % writesBetweenSweeps === 0) sweep.run(now().getTime(), 2 * writesBetweenSweeps);
  };

  /** Takes the write lock before it reads, or two processes could count from the same number. */
  const transact = <Result>(work: () => Result): Result => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (thrown) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw thrown;
    }
  };

  const live = (key: string) => value.get(key, now().getTime())?.['value'] as string | undefined;
  const takes = (kind: 'claim' | 'lock', key: string, expiration: Date): boolean =>
    take.run(kind, key, expiration.getTime(), now().getTime()).changes === 1;

  const operations: Store = {
    get: async (key) => live(key),

    put: async (key, text, expiration) => {
      makeRoom();
      put.run(key, text, expiration.getTime());
      return true;
    },

    lock: async (key, expiration) => {
      makeRoom();
      return transact(() => (takes('lock', key, expiration) ? { isOurs: true, value: live(key) } : { isOurs: false }));
    },

    putAndUnlock: async (key, text, expiration) => {
      makeRoom();
      transact(() => {
        put.run(key, text, expiration.getTime());
        giveBack.run('lock', key);
      });
      return true;
    },

    unlock: async (key) => {
      giveBack.run('lock', key);
    },

    acquire: async (key, expiration) => {
      makeRoom();
      return takes('claim', key, expiration);
    },

    release: async (key) => {
      giveBack.run('claim', key);
    },

    consume: async (key, amount, limit, expiration) => {
      makeRoom();
      return transact(() => {
        const taken = counter.get(key, now().getTime())?.['amount'] as number | undefined;
        const grant = Math.max(0, Math.min(amount, limit - (taken ?? 0)));
        if (grant === 0) return 0;
        if (taken === undefined) begin.run(key, grant, expiration.getTime());
        else add.run(grant, key);
        return grant;
      });
    },
  };

  /** Whether the file can be written. Does not wait for the lock, as all requests of the process would wait with it. */
  const probe = (): void => {
    database.exec('PRAGMA busy_timeout = 0');
    try {
      transact(() => undefined);
    } finally {
      database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    }
  };

  return { operations, probe, close: () => database.close() };
};

/** SQLite gives its journal the mode of its file, so the file is made first, for its owner alone. */
const openPrivately = (path: string, timeout: number): DatabaseSync => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  try {
    const database = new DatabaseSync(path, { timeout });
    database.exec(schema);
    return database;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : 'unknown';
    throw new StsError('Misconfigured', `The store file ${path} cannot be opened: ${why}.`);
  }
};

/** https://www.sqlite.org/rescode.html#full */
const full = 13;

/** Whether the file answered that it is full. */
export const isFull = (thrown: unknown): boolean =>
  thrown instanceof Error && 'errcode' in thrown && thrown.errcode === full;
