import type { Account, Cloud } from '../../lib/core/cloud.ts';

/** An account once for each signature that its cloud lets it choose, without those that log in instead. */
export const signingAccounts = (cloud: Cloud, account: Account): readonly Account[] => {
  if (cloud.signatures.length === 0) return [account];
  return cloud.signatures
    .map((signature) => ({ ...account, signature }))
    .filter((signing) => cloud.provider.login?.wanted(signing) !== true);
};
