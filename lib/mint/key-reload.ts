import type { Account } from '../core/cloud.ts';
import type { AccessKey } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import type { CloudSource } from './cloud-source.ts';

/** Between two readings of an account's key: one that stays wrong must not be read at each request. */
const pauseMs = 60_000;

export interface KeyReloadDeps {
  /** Where the source finds accounts; a new key is put here. */
  readonly accounts: Map<string, Account>;
  /** How the key of each account is read again, by the account's name. */
  readonly keyReaders: ReadonlyMap<string, () => Promise<AccessKey | undefined>>;
  readonly now: () => Date;
}

/** If a cloud refuses an account's key, reads that key again and tries once more: it may have been replaced. */
export const reloadKeys = (source: CloudSource, { accounts, keyReaders, now }: KeyReloadDeps): CloudSource => {
  const readings = new Map<string, { readonly at: number; readonly changed: Promise<boolean> }>();

  const readAgain = async (name: string, reader: () => Promise<AccessKey | undefined>): Promise<boolean> => {
    const account = accounts.get(name);
    const key = await reader().catch(() => undefined);
    const { key: old } = account ?? {};
    if (account === undefined || key === undefined) return false;
    if (old !== undefined && old.id === key.id && old.secret.reveal() === key.secret.reveal()) {
      if (old.token?.reveal() === key.token?.reveal()) return false;
    }
    accounts.set(name, { ...account, key });
    return true;
  };

  /** Whether there is another key than the one that was refused. Requests that are refused meanwhile share one reading. */
  const renewed = (name: string): Promise<boolean> => {
    const reader = keyReaders.get(name);
    if (reader === undefined) return Promise.resolve(false);
    const last = readings.get(name);
    if (last !== undefined && now().getTime() - last.at < pauseMs) return last.changed;
    const changed = readAgain(name, reader);
    readings.set(name, { at: now().getTime(), changed });
    return changed;
  };

  const twice = async <Result>(name: string, ask: () => Promise<Result>): Promise<Result> => {
    try {
      return await ask();
    } catch (thrown) {
      if (StsError.from(thrown).code !== 'AccountRefused' || !(await renewed(name))) throw thrown;
      return ask();
    }
  };

  return {
    credentials: (request, deadline) => twice(request.account, () => source.credentials(request, deadline)),
    identity: (account, deadline) =>
      twice(account.name, () => source.identity(accounts.get(account.name) ?? account, deadline)),
  };
};
