import { createHmac, createSecretKey } from 'node:crypto';
import type { Account } from '../core/cloud.ts';

const known = new WeakMap<Account, string>();

/**
 * A digest of an account as it is configured: its cloud and endpoint, its key with the secret half, and every other
 * setting but the rate of calls, which shapes no credentials. Two accounts with the same digest get the same credentials
 * for the same request. The secret half is the key of an HMAC, so the digest can be compared and not undone.
 */
export const fingerprintOf = (account: Account): string => {
  const computed = known.get(account);
  if (computed !== undefined) return computed;
  const { key, webIdentity, endpoint, requestsPerSecond: _, ...rest } = account;
  const settings = Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1));
  const identity = [
    key?.id,
    key?.token?.reveal(),
    webIdentity?.reference,
    webIdentity?.providerId,
    webIdentity?.audience,
  ];
  const fingerprint = createHmac('sha256', createSecretKey(Buffer.from(key?.secret.reveal() ?? 'no key', 'utf8')))
    .update(JSON.stringify([endpoint.href, identity, settings]))
    .digest('base64url');
  known.set(account, fingerprint);
  return fingerprint;
};
