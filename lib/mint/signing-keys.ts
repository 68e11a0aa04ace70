import type { Account } from '../core/cloud.ts';
import type { AccessKey, Credentials } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import { type CurrentKey, renewed } from '../identity/renewed.ts';

/** The keys that accounts sign with. */
export interface SigningKeys {
  /** The account's own key, or that of this process's identity, or that of the role that is assumed first. */
  of(account: Account, signal: AbortSignal): Promise<AccessKey>;
  /** Forgets the credentials of the role that is assumed first: the cloud refused them. */
  forget(account: Account): void;
}

export interface SigningKeysDeps {
  /** The keys of accounts that sign by the identity of this process, by the account's name. */
  readonly runtimeKeys: ReadonlyMap<string, CurrentKey>;
  /** Assumes a role in the name of an account, which has no role of its own. */
  assume(role: string, account: Account, signal: AbortSignal): Promise<Credentials>;
  readonly now: () => Date;
}

/**
 * Finds out what an account signs with, and keeps and renews what ends.
 *
 * @example
 * const keys = signingKeys({ runtimeKeys: new Map([['prod', runtimeKey(identity, deps)]]), assume, now });
 * const key = await keys.of(account, AbortSignal.timeout(4_000));
 */
export const signingKeys = ({ runtimeKeys, assume, now }: SigningKeysDeps): SigningKeys => {
  // By the account as it is configured: one whose key was replaced is another object, and assumes its role anew.
  const chained = new WeakMap<Account, CurrentKey>();

  const ownKey = async (account: Account, signal: AbortSignal): Promise<AccessKey> => {
    const key = account.key ?? (await runtimeKeys.get(account.name)?.(signal));
    if (key === undefined) throw new StsError('Misconfigured', `The account ${account.name} has no key.`);
    return key;
  };

  const chainedKey = (account: Account, role: string): CurrentKey => {
    const known = chained.get(account);
    if (known !== undefined) return known;
    const { role: _, ...base } = account;
    const current = renewed(async (signal) => {
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await assume(role, base, signal);
      return { key: { id: accessKeyId, secret: secretAccessKey, token: sessionToken }, expiration };
    }, now);
    chained.set(account, current);
    return current;
  };

  return {
    of: (account, signal) =>
      account.role === undefined ? ownKey(account, signal) : chainedKey(account, account.role)(signal),
    forget: (account) => {
      chained.delete(account);
    },
  };
};
