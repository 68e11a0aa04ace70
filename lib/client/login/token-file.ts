import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { member, readJson } from '../../wire/json.ts';
import { ClientError, usageError } from '../errors.ts';
import type { LoginSettings } from '../profile.ts';
import type { TokenSet } from './token-set.ts';

/** The private file in which the tokens of one login are kept. */
export interface TokenFile {
  readonly path: string;
  /** Undefined if nobody logged in. Rejects with a ClientError if others can read the file. */
  read(): Promise<TokenSet | undefined>;
  /** Replaces the file whole, mode 0600. */
  write(tokens: TokenSet): Promise<void>;
  /** Acts while no other process does. */
  exclusively<Result>(act: () => Promise<Result>): Promise<Result>;
}

/** A lock this old was left by a process that was killed. */
const maxLockAgeMs = 30_000;
const lockPauseMs = 50;

const isMissing = (thrown: unknown): boolean => (thrown as NodeJS.ErrnoException).code === 'ENOENT';

/** The file of a login, in a folder that is made private. */
export const tokenFile = (folder: string, { issuer, clientId }: LoginSettings, clock: Clock): TokenFile => {
  const name = createHash('sha256').update(`${issuer} ${clientId}`).digest('hex').slice(0, 32);
  const path = join(folder, `${name}.json`);
  const lock = `${path}.lock`;

  const read = async (): Promise<TokenSet | undefined> => {
    try {
      const { mode } = await stat(path);
      if ((mode & 0o077) !== 0) throw usageError(`${path} can be read by others. Run credmint login again.`);
      return tokensOf(readJson(await readFile(path, 'utf8')));
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  };

  const write = async (tokens: TokenSet): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomUUID()}`;
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(tokens));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  };

  const acquire = async (): Promise<void> => {
    const giveUpAtMs = clock.now().getTime() + 2 * maxLockAgeMs;
    while (clock.now().getTime() < giveUpAtMs) {
      try {
        await writeFile(lock, String(clock.now().getTime()), { flag: 'wx', mode: 0o600 });
        return;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
      }
      // Nothing is in it before its process has written it.
      const takenAtMs = Number(await readFile(lock, 'utf8').catch(() => '')) || clock.now().getTime();
      if (clock.now().getTime() - takenAtMs > maxLockAgeMs) await rm(lock, { force: true });
      else await clock.sleep(lockPauseMs);
    }
    throw new ClientError('unavailable', 'LoginBusy', 'Another process has been renewing the login for too long.');
  };

  return {
    path,
    read,
    write,
    exclusively: async (act) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await acquire();
      try {
        return await act();
      } finally {
        await rm(lock, { force: true });
      }
    },
  };
};

const tokensOf = (content: unknown): TokenSet | undefined => {
  const text = (name: string): string | undefined => {
    const value = member(content, name);
    return typeof value === 'string' ? value : undefined;
  };
  const [accessToken, idToken, refreshToken] = [text('accessToken'), text('idToken'), text('refreshToken')];
  const endMs = member(content, 'accessExpiresAtMs');
  if (accessToken === undefined) return undefined;
  return {
    accessToken,
    ...(idToken === undefined ? {} : { idToken }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(typeof endMs === 'number' ? { accessExpiresAtMs: endMs } : {}),
  };
};
