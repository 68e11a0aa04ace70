import type { StsErrorCode } from '../../core/errors.ts';
import { meaningBehind200 } from '../meanings.ts';

/**
 * Our codes as UCloud's RetCode. Those from 110 to 174 and from 292 to 299 are of its public list,
 * https://docs.ucloud.cn/api/summary/public.md; 220 and 230 are what its API is seen to answer. None is of STS in
 * particular. Nothing maps to 2000 and above, which its SDKs repeat at once.
 */
export const retCodes: Readonly<Record<StsErrorCode, number>> = {
  InvalidRequest: 230,
  RequestTooLarge: 230,
  NotFound: 161,
  MethodNotAllowed: 230,
  MissingOperation: 160,
  UnknownOperation: 161,
  UnsupportedOperation: 161,
  UnsupportedVersion: 161,
  MissingParameter: 220,
  InvalidParameter: 230,
  UnknownParameter: 230,
  InvalidDuration: 230,
  MalformedPolicy: 230,
  InvalidPolicy: 230,
  InvalidPolicyResource: 230,
  PolicyTooLarge: 230,
  Unauthenticated: 170,
  MalformedAuthorization: 171,
  UnknownKey: 172,
  SignatureMismatch: 171,
  // The scheme has neither a clock nor a nonce, and the list no code for either.
  RequestExpired: 171,
  RequestReplayed: 171,
  InvalidToken: 174,
  TokenExpired: 174,
  InvalidIdentityToken: 174,
  IdentityTokenExpired: 174,
  AccessDenied: 299,
  // As denied: 230 for RoleUrn would tell anyone which roles exist. 292 is about projects.
  LeaseNotFound: 299,
  RoleNotFound: 299,
  Throttled: 153,
  CloudRefused: 130,
  CloudUnavailable: 150,
  CloudUnintelligible: 130,
  AccountRefused: 130,
  Unavailable: 150,
  Misconfigured: 130,
  Internal: 130,
};

const meanings: Readonly<Record<number, StsErrorCode>> = {
  110: 'CloudUnavailable',
  130: 'CloudUnavailable',
  150: 'CloudUnavailable',
  153: 'Throttled',
  160: 'MissingOperation',
  161: 'UnsupportedOperation',
  170: 'Unauthenticated',
  171: 'SignatureMismatch',
  172: 'UnknownKey',
  174: 'TokenExpired',
  210: 'MissingParameter',
  220: 'MissingParameter',
  230: 'InvalidParameter',
  // The only project ever named is the account's own.
  292: 'Misconfigured',
  293: 'AccessDenied',
  294: 'AccessDenied',
  295: 'AccessDenied',
  299: 'AccessDenied',
};

/** The meaning of a refusal: by its RetCode, or by the HTTP status if it has none. */
export const meaningOf = (retCode: number | undefined, status: number): StsErrorCode => {
  if (retCode === undefined || retCode === 0) return meaningBehind200(status, undefined);
  return meanings[retCode] ?? (retCode >= 2000 ? 'CloudUnavailable' : meaningBehind200(status, retCode));
};

/** UCloud's message for a code, if it is known; the parameter's name replaces `[X]`. */
export const wording = (retCode: number, about: string | undefined): string | undefined => {
  switch (retCode) {
    case 160:
      return 'Missing Action';
    case 161:
      return about === undefined ? undefined : `Action [${about}] not found`;
    case 170:
      return 'Missing Signature';
    case 171:
      return 'Signature VerifyAC Error';
    case 172:
      return 'User Not Exists';
    case 174:
      return 'Token Not Exists';
    case 220:
      return about === undefined ? undefined : `Missing params [${about}]`;
    case 230:
      return about === undefined ? undefined : `Params [${about}] not available`;
    default:
      return undefined;
  }
};
