import type { Config } from '../config/load.ts';
import type { Account } from '../core/cloud.ts';
import { decide, type Rules } from '../grants/authorize.ts';
import { type Lease, leaseCallerOf } from '../leases/lease.ts';
import type { ShapeOf } from '../leases/shape.ts';
import { fingerprintOf } from '../mint/account-fingerprint.ts';
import { keyOf } from '../mint/cache-key.ts';

/**
 * What the configuration has a lease be, as a whole: the request as the grants allow it, with their policy and tags, at
 * the account as it is configured. Of its key that is the id as it is written: while what a reference leads to rotates,
 * instances that have the one and the other would take turns in refusing what both minted.
 */
export const leaseShape = ({ writtenKeyIds }: Pick<Config, 'writtenKeyIds'>, rules: Rules): ShapeOf => {
  const fingerprints = new WeakMap<Account, string>();
  const fingerprint = (name: string): string | undefined => {
    const account = rules.accounts.get(name);
    if (account === undefined) return undefined;
    const known = fingerprints.get(account);
    if (known !== undefined) return known;
    const { key: _, ...keyless } = account;
    const made = `${fingerprintOf(keyless)} ${writtenKeyIds.get(name) ?? ''}`;
    fingerprints.set(account, made);
    return made;
  };
  const compute = (lease: Lease, at: number): string | undefined => {
    const account = fingerprint(lease.account);
    if (account === undefined) return undefined;
    try {
      const question = { caller: leaseCallerOf(lease), request: lease.request, dialect: 'lease', now: new Date(at) };
      return keyOf(decide(rules, question).allowed, { shareable: true, account });
    } catch {
      return undefined;
    }
  };
  // Asked again and again for what was minted last.
  const computed = new WeakMap<Lease, { readonly at: number; readonly shape: string | undefined }>();
  return (lease, at) => {
    const last = computed.get(lease);
    if (last?.at === at) return last.shape;
    const shape = compute(lease, at);
    computed.set(lease, { at, shape });
    return shape;
  };
};
