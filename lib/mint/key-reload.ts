import type { Account } from '../core/cloud.ts';
import type { AccessKey } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import type { CloudSource } from './cloud-source.ts';

/** Between two looks for a new key of an account: a key that is wrong for good must not be asked for at each request. */
const pauseMilliseconds = 60_000;

export interface KeyReloadDeps {
  /** What the source looks accounts up in; a new key is put here. */
  readonly accounts: Map<string, Account>;
  /** How keys are read again that are kept elsewhere. */
  readonly keysElsewhere: ReadonlyMap<string, () => Promise<AccessKey | undefined>>;
  readonly now: () => Date;
}

/** Where a cloud refuses an account's key, reads that key again and tries once more: it may have been replaced. */
export const reloadKeys = (source: CloudSource, { accounts, keysElsewhere, now }: KeyReloadDeps): CloudSource => {
  const looks = new Map<string, { readonly at: number; readonly changed: Promise<boolean> }>();

  const look = async (name: string, reread: () => Promise<AccessKey | undefined>): Promise<boolean> => {
    const account = accounts.get(name);
    const key = await reread().catch(() => undefined);
    const { key: old } = account ?? {};
    if (account === undefined || key === undefined) return false;
    if (old !== undefined && old.id === key.id && old.secret.reveal() === key.secret.reveal()) {
      if (old.token?.reveal() === key.token?.reveal()) return false;
    }
    accounts.set(name, { ...account, key });
    return true;
  };

  /** Whether there is another key than the one that was refused. Who is refused while somebody looks waits for that. */
  const renewed = (name: string): Promise<boolean> => {
    const reread = keysElsewhere.get(name);
    if (reread === undefined) return Promise.resolve(false);
    const last = looks.get(name);
    if (last !== undefined && now().getTime() - last.at < pauseMilliseconds) return last.changed;
    const changed = look(name, reread);
    looks.set(name, { at: now().getTime(), changed });
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
