import { hash } from 'node:crypto';
import type { Caller } from '../core/caller.ts';
import type { MintRequest } from '../core/requests.ts';
import { holdsExactNumbers } from '../wire/json.ts';

/** Of the request, what does not shape the credentials. */
const shapeOf = (request: MintRequest): readonly (readonly [string, unknown])[] => {
  const {
    caller: _,
    claimsUsed: __,
    dialect: ___,
    minimumRemainingSeconds: ____,
    webIdentityToken: _____,
    ...shape
  } = request as MintRequest & { readonly webIdentityToken?: unknown };
  const members: Readonly<Record<string, unknown>> = shape;
  return Object.keys(members)
    .sort()
    .map((name) => [name, members[name]]);
};

/**
 * Who asks. Only a proof that names a subject makes two requests those of one subject, whatever else they claim: an
 * authorizer may call everybody `user`. Without one, all claims together stand for the subject.
 */
const identityOf = ({ name, session, subject, claims }: Caller, claimsUsed: unknown): readonly unknown[] => [
  name,
  session?.accessKeyId,
  subject === undefined ? claims : [subject.issuer, subject.name, claimsUsed],
];

/** Whether claims that only a platform has read may be those of two subjects, of whom it has rounded the numbers. */
const isBlurred = ({ subject, claims }: Caller): boolean => subject === undefined && !holdsExactNumbers(claims);

/**
 * The cache key of a request: two requests have the same key exactly if the same credentials answer both. Everything
 * that shapes the credentials goes in, the account as it is configured too, and so does the caller, unless the grant
 * lets its callers share. Returns undefined if the credentials may not be kept: the code of a second factor is valid once,
 * and whoever cannot be told from another for certain is given nothing that is kept.
 */
export const keyOf = (
  request: MintRequest,
  { shareable, account }: { readonly shareable: boolean; readonly account: string },
): string | undefined => {
  if ('tokenCode' in request && request.tokenCode !== undefined) return undefined;
  if (!shareable && isBlurred(request.caller)) return undefined;
  const who = shareable ? undefined : identityOf(request.caller, request.claimsUsed);
  return hash('sha256', JSON.stringify([who, account, shapeOf(request)]), 'base64url');
};
