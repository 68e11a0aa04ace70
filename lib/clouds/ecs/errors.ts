import type { StsErrorCode } from '../../core/errors.ts';
import { meaningBy, meaningOfStatus, queryMeanings } from '../query-errors.ts';

/** A code and the HTTP status that goes with it. */
export interface EcsError {
  readonly code: string;
  readonly status: number;
}

const invalid: EcsError = { code: 'ValidationError', status: 400 };
const denied: EcsError = { code: 'AccessDenied', status: 403 };
const failure: EcsError = { code: 'InternalFailure', status: 500 };

/**
 * Our codes in the words of ECS's STS. It took them over from AWS; ValidationError with status 400 is what is seen of
 * it in public (github.com/murkyl/vault-plugin-secrets-objectscale), the others are inferred.
 */
export const ecsErrors: Readonly<Record<StsErrorCode, EcsError>> = {
  InvalidRequest: { code: 'MalformedQueryString', status: 400 },
  RequestTooLarge: { code: 'RequestEntityTooLarge', status: 413 },
  NotFound: { code: 'InvalidAction', status: 400 },
  MethodNotAllowed: { code: 'MalformedQueryString', status: 400 },
  MissingOperation: { code: 'MissingAction', status: 400 },
  UnknownOperation: { code: 'InvalidAction', status: 400 },
  UnsupportedOperation: { code: 'InvalidAction', status: 400 },
  UnsupportedVersion: { code: 'InvalidAction', status: 400 },
  MissingParameter: invalid,
  InvalidParameter: invalid,
  UnknownParameter: invalid,
  InvalidDuration: invalid,
  MalformedPolicy: { code: 'MalformedPolicyDocument', status: 400 },
  InvalidPolicy: { code: 'MalformedPolicyDocument', status: 400 },
  InvalidPolicyResource: { code: 'MalformedPolicyDocument', status: 400 },
  PolicyTooLarge: { code: 'PackedPolicyTooLarge', status: 400 },
  Unauthenticated: { code: 'MissingAuthenticationToken', status: 403 },
  MalformedAuthorization: { code: 'IncompleteSignature', status: 400 },
  UnknownKey: { code: 'InvalidClientTokenId', status: 403 },
  SignatureMismatch: { code: 'SignatureDoesNotMatch', status: 403 },
  RequestExpired: { code: 'RequestExpired', status: 400 },
  RequestReplayed: { code: 'SignatureDoesNotMatch', status: 403 },
  InvalidToken: { code: 'InvalidClientTokenId', status: 403 },
  TokenExpired: { code: 'ExpiredToken', status: 403 },
  InvalidIdentityToken: { code: 'InvalidClientTokenId', status: 403 },
  IdentityTokenExpired: { code: 'ExpiredToken', status: 403 },
  AccessDenied: denied,
  // Who may not assume a role is not told whether there is one.
  LeaseNotFound: denied,
  RoleNotFound: denied,
  Throttled: { code: 'ThrottlingException', status: 400 },
  CloudRefused: failure,
  CloudUnavailable: { code: 'ServiceUnavailable', status: 503 },
  CloudUnintelligible: failure,
  AccountRefused: failure,
  Misconfigured: failure,
  Internal: failure,
};

const meanings: Readonly<Record<string, StsErrorCode>> = {
  ...queryMeanings,
  ServiceFailure: 'CloudUnavailable',
  // The management side's, which guards the STS side where a token is the proof.
  1004: 'InvalidRequest',
  3000: 'AccessDenied',
  4000: 'InvalidToken',
  6503: 'CloudUnavailable',
};

/** The meaning of a refusal: by its code, and if the code says nothing, by the status. */
export const meaningOf = (code: string | undefined, status: number): StsErrorCode => {
  const known = meaningBy(meanings, code);
  if (known !== undefined) return known;
  // A request without a valid token is sent to the login page.
  if (status === 401 || status === 302) return 'InvalidToken';
  return meaningOfStatus(status, code);
};

const refused: EcsError = { code: '1004', status: 400 };
const stranger: EcsError = { code: '4000', status: 401 };
const broken: EcsError = { code: '6503', status: 503 };

/**
 * Our codes in the words of ECS's management side: 4000 and 3000 as EMCECS/python-ecsclient knows them; 1004 for a
 * request amiss and 6503 for a service out of order are inferred.
 */
export const managementErrors: Readonly<Record<StsErrorCode, EcsError>> = {
  InvalidRequest: refused,
  RequestTooLarge: refused,
  NotFound: refused,
  MethodNotAllowed: { code: '1004', status: 405 },
  MissingOperation: refused,
  UnknownOperation: refused,
  UnsupportedOperation: refused,
  UnsupportedVersion: refused,
  MissingParameter: refused,
  InvalidParameter: refused,
  UnknownParameter: refused,
  InvalidDuration: refused,
  MalformedPolicy: refused,
  InvalidPolicy: refused,
  InvalidPolicyResource: refused,
  PolicyTooLarge: refused,
  Unauthenticated: stranger,
  MalformedAuthorization: stranger,
  UnknownKey: stranger,
  SignatureMismatch: stranger,
  RequestExpired: stranger,
  RequestReplayed: stranger,
  InvalidToken: stranger,
  TokenExpired: stranger,
  InvalidIdentityToken: stranger,
  IdentityTokenExpired: stranger,
  AccessDenied: { code: '3000', status: 403 },
  LeaseNotFound: { code: '3000', status: 403 },
  RoleNotFound: { code: '3000', status: 403 },
  Throttled: broken,
  CloudRefused: broken,
  CloudUnavailable: broken,
  CloudUnintelligible: broken,
  AccountRefused: broken,
  Misconfigured: broken,
  Internal: { code: '6503', status: 500 },
};
