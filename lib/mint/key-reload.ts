import type { Account } from '../core/cloud.ts';
import type { AccessKey } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import type { CloudSource } from './cloud-source.ts';

/** Between two reads of an account's key: a key that stays wrong must not be read again for each request. */
const firstPauseMs = 1_000;
const maxPauseMs = 60_000;

export interface KeyReloadDeps {
  /** Where the source looks accounts up. A new key is put here. */
  readonly accounts: Map<string, Account>;
  /** By account, reads a key that is kept elsewhere. */
  readonly keyReaders: ReadonlyMap<string, () => Promise<AccessKey | undefined>>;
  readonly monotonicMs: () => number;
}

/** A read of an account's key. */
interface Read {
  readonly at: number;
  readonly changed: Promise<boolean>;
  /** Until the next: longer each time that the key was the same. */
  pauseMs: number;
}

const isSameKey = (one: AccessKey | undefined, other: AccessKey): boolean =>
  one !== undefined &&
  one.id === other.id &&
  one.secret.reveal() === other.secret.reveal() &&
  one.token?.reveal() === other.token?.reveal();

/**
 * If a cloud refuses an account's key, reads that key again and, if it is another one, asks the cloud once more.
 *
 * @example
 * const clouds = reloadKeys(cloudSource({ accounts, providerOf, transport, logins, moment }), { accounts, keyReaders, monotonicMs });
 */
export const reloadKeys = (source: CloudSource, { accounts, keyReaders, monotonicMs }: KeyReloadDeps): CloudSource => {
  const reads = new Map<string, Read>();

  const readAgain = async (name: string, read: () => Promise<AccessKey | undefined>): Promise<boolean> => {
    const account = accounts.get(name);
    const key = await read().catch(() => undefined);
    if (account === undefined || key === undefined || isSameKey(account.key, key)) return false;
    accounts.set(name, { ...account, key });
    return true;
  };

  /** Whether there is now another key than the one that was refused. Requests refused meanwhile share one read. */
  const isReplaced = (name: string): Promise<boolean> => {
    const read = keyReaders.get(name);
    if (read === undefined) return Promise.resolve(false);
    const last = reads.get(name);
    if (last !== undefined && monotonicMs() - last.at < last.pauseMs) return last.changed;
    const changed = readAgain(name, read);
    const longerMs = Math.min((last?.pauseMs ?? firstPauseMs / 2) * 2, maxPauseMs);
    const next: Read = { at: monotonicMs(), changed, pauseMs: longerMs };
    reads.set(name, next);
    void changed.then((isNew) => {
      if (isNew) next.pauseMs = firstPauseMs;
    });
    return changed;
  };

  const twice = async <Result>(name: string, ask: () => Promise<Result>): Promise<Result> => {
    try {
      return await ask();
    } catch (thrown) {
      if (StsError.from(thrown).code !== 'AccountRefused' || !(await isReplaced(name))) throw thrown;
      return ask();
    }
  };

  return {
    credentials: (request, deadline) => twice(request.account, () => source.credentials(request, deadline)),
    identity: (account, deadline) =>
      twice(account.name, () => source.identity(accounts.get(account.name) ?? account, deadline)),
  };
};
