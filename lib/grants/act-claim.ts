import { isObject } from '../wire/json.ts';

/** More parties than any chain of services has. */
const maxDepth = 8;
const maxLength = 4_096;

/** Each names a subject, and whoever acted before it, if anyone did. */
const isChain = (act: unknown, depth: number): boolean =>
  isObject(act) &&
  typeof act['sub'] === 'string' &&
  depth <= maxDepth &&
  (act['act'] === undefined || isChain(act['act'], depth + 1));

/**
 * The claim `act` of a token, if it has the form of RFC 8693, 4.1, with a `sub`, and is not too deep or long. Anything else is
 * not repeated under the name of our own issuer: another's token may say whatever it likes.
 */
export const actClaim = (act: unknown): unknown =>
  isChain(act, 1) && JSON.stringify(act).length <= maxLength ? act : undefined;
