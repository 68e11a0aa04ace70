import type { StsErrorCode } from '../core/errors.ts';
import type { Meanings } from './meanings.ts';

/**
 * What the codes of the Query protocol mean. AWS defined it; Ceph RGW, MinIO and Dell ECS took it over.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export const queryMeanings: Meanings = {
  AccessDenied: 'AccessDenied',
  AccessDeniedException: 'AccessDenied',
  ExpiredToken: 'TokenExpired',
  IncompleteSignature: 'MalformedAuthorization',
  InternalError: 'CloudUnavailable',
  InternalFailure: 'CloudUnavailable',
  InvalidAccessKeyId: 'UnknownKey',
  InvalidAction: 'UnsupportedOperation',
  // Ceph RGW: a duration above the role's own, a bad session name.
  InvalidArgument: 'InvalidParameter',
  InvalidClientTokenId: 'UnknownKey',
  InvalidParameterCombination: 'InvalidParameter',
  InvalidParameterValue: 'InvalidParameter',
  MalformedPolicyDocument: 'MalformedPolicy',
  MalformedQueryString: 'InvalidRequest',
  // Ceph RGW and MinIO: an Action that they do not have.
  MethodNotAllowed: 'UnsupportedOperation',
  MissingAction: 'MissingOperation',
  MissingAuthenticationToken: 'Unauthenticated',
  MissingParameter: 'MissingParameter',
  NoSuchEntity: 'RoleNotFound',
  OptInRequired: 'AccessDenied',
  PackedPolicyTooLarge: 'PolicyTooLarge',
  RequestEntityTooLarge: 'RequestTooLarge',
  RequestExpired: 'RequestExpired',
  RequestTimeTooSkewed: 'RequestExpired',
  ServiceUnavailable: 'CloudUnavailable',
  SignatureDoesNotMatch: 'SignatureMismatch',
  SlowDown: 'Throttled',
  Throttling: 'Throttled',
  ThrottlingException: 'Throttled',
  ValidationError: 'InvalidParameter',
};

/** An error of the Query protocol: a code, and the HTTP status that goes with it. */
export interface QueryError {
  readonly code: string;
  readonly status: number;
}

const validation: QueryError = { code: 'ValidationError', status: 400 };
const malformedQuery: QueryError = { code: 'MalformedQueryString', status: 400 };
const invalidAction: QueryError = { code: 'InvalidAction', status: 400 };
const malformedPolicy: QueryError = { code: 'MalformedPolicyDocument', status: 400 };
const mismatch: QueryError = { code: 'SignatureDoesNotMatch', status: 403 };
const invalidKey: QueryError = { code: 'InvalidClientTokenId', status: 403 };
const expired: QueryError = { code: 'ExpiredToken', status: 403 };
const denied: QueryError = { code: 'AccessDenied', status: 403 };
const failure: QueryError = { code: 'InternalFailure', status: 500 };

const common: Readonly<Record<StsErrorCode, QueryError>> = {
  InvalidRequest: malformedQuery,
  RequestTooLarge: { code: 'RequestEntityTooLarge', status: 413 },
  NotFound: invalidAction,
  MethodNotAllowed: malformedQuery,
  MissingOperation: { code: 'MissingAction', status: 400 },
  UnknownOperation: invalidAction,
  UnsupportedOperation: invalidAction,
  UnsupportedVersion: invalidAction,
  // STS itself reports an absent parameter as a failed validation, never as MissingParameter.
  MissingParameter: validation,
  InvalidParameter: validation,
  UnknownParameter: validation,
  InvalidDuration: validation,
  MalformedPolicy: malformedPolicy,
  InvalidPolicy: malformedPolicy,
  InvalidPolicyResource: malformedPolicy,
  PolicyTooLarge: { code: 'PackedPolicyTooLarge', status: 400 },
  Unauthenticated: { code: 'MissingAuthenticationToken', status: 403 },
  MalformedAuthorization: { code: 'IncompleteSignature', status: 400 },
  UnknownKey: invalidKey,
  SignatureMismatch: mismatch,
  RequestExpired: { code: 'RequestExpired', status: 400 },
  RequestReplayed: mismatch,
  InvalidToken: invalidKey,
  TokenExpired: expired,
  InvalidIdentityToken: invalidKey,
  IdentityTokenExpired: expired,
  AccessDenied: denied,
  // A caller that may not assume a role is not told whether it exists.
  LeaseNotFound: denied,
  RoleNotFound: denied,
  Throttled: { code: 'Throttling', status: 400 },
  CloudRefused: failure,
  CloudUnavailable: { code: 'ServiceUnavailable', status: 503 },
  CloudUnintelligible: failure,
  AccountRefused: failure,
  Unavailable: { code: 'ServiceUnavailable', status: 503 },
  Misconfigured: failure,
  Internal: failure,
};

/** Our codes in the words of the Query protocol, for a cloud that differs from it in these. */
export const queryErrors = (
  own: Partial<Readonly<Record<StsErrorCode, QueryError>>>,
): Readonly<Record<StsErrorCode, QueryError>> => ({ ...common, ...own });
