import { hash } from 'node:crypto';
import type { MintRequest } from '../core/requests.ts';

/**
 * The name of what a request would obtain: the same for two requests exactly where the same credentials answer both.
 * Everything that shapes them goes in, and who asks, unless the grant lets its callers share. `undefined` where they
 * may not be kept: a code of a second factor is good for one use.
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
  // Where no claim says which of a caller's subjects asks, as with some authorizers of gateways, all of them together do.
  const subject = sub === undefined ? caller.claims : [iss, sub];
  const who = shareable ? [] : [caller.name, caller.session?.accessKeyId, subject];
  const shaped = Object.entries(shape).sort(([one], [other]) => (one < other ? -1 : 1));
  return hash('sha256', JSON.stringify([who, shaped]), 'base64url');
};
