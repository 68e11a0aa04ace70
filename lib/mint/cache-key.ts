import { hash } from 'node:crypto';
import type { MintRequest } from '../core/requests.ts';

/**
 * The cache key of a request: two requests have the same key exactly if the same credentials answer both. Everything
 * that shapes the credentials goes in, and so does the caller, unless the grant lets its callers share. Returns
 * undefined if the credentials may not be kept: the code of a second factor is valid once.
 */
export const keyOf = (request: MintRequest, shareable: boolean): string | undefined => {
  if ('tokenCode' in request && request.tokenCode !== undefined) return undefined;
  const {
    caller,
    dialect: _,
    webIdentityToken: __,
    minimumRemainingSeconds: ___,
    ...shape
  } = request as MintRequest & {
    readonly webIdentityToken?: unknown;
  };
  const { sub, iss } = caller.claims ?? {};
  // Some gateways' authorizers give no `sub`; then all claims together stand for the subject.
  const subject = sub === undefined ? caller.claims : [iss, sub];
  const who = shareable ? [] : [caller.name, caller.session?.accessKeyId, subject];
  const shaped = Object.entries(shape).sort(([one], [other]) => (one < other ? -1 : 1));
  return hash('sha256', JSON.stringify([who, shaped]), 'base64url');
};
