import type { StsErrorCode } from '../../core/errors.ts';
import { meaningBy, meaningOfStatus, queryMeanings } from '../query-errors.ts';

interface AwsError {
  readonly code: string;
  readonly status: number;
}

const validation: AwsError = { code: 'ValidationError', status: 400 };
const denied: AwsError = { code: 'AccessDenied', status: 403 };
const failure: AwsError = { code: 'InternalFailure', status: 500 };
const unavailable: AwsError = { code: 'ServiceUnavailable', status: 503 };

/**
 * Our codes in the words of AWS STS.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and the errors of each operation there.
 */
export const awsErrors: Readonly<Record<StsErrorCode, AwsError>> = {
  InvalidRequest: { code: 'MalformedQueryString', status: 404 },
  RequestTooLarge: { code: 'RequestEntityTooLarge', status: 413 },
  NotFound: { code: 'InvalidAction', status: 400 },
  MethodNotAllowed: { code: 'MalformedQueryString', status: 404 },
  MissingOperation: { code: 'MissingAction', status: 400 },
  UnknownOperation: { code: 'InvalidAction', status: 400 },
  UnsupportedOperation: { code: 'InvalidAction', status: 400 },
  UnsupportedVersion: { code: 'InvalidAction', status: 400 },
  // STS itself reports an absent parameter as a failed validation, never as MissingParameter.
  MissingParameter: validation,
  InvalidParameter: validation,
  UnknownParameter: validation,
  InvalidDuration: validation,
  MalformedPolicy: { code: 'MalformedPolicyDocument', status: 400 },
  InvalidPolicy: { code: 'MalformedPolicyDocument', status: 400 },
  InvalidPolicyResource: { code: 'MalformedPolicyDocument', status: 400 },
  PolicyTooLarge: { code: 'PackedPolicyTooLarge', status: 400 },
  Unauthenticated: { code: 'MissingAuthenticationToken', status: 403 },
  MalformedAuthorization: { code: 'IncompleteSignature', status: 400 },
  UnknownKey: { code: 'InvalidClientTokenId', status: 403 },
  SignatureMismatch: { code: 'SignatureDoesNotMatch', status: 403 },
  // Said so by STS, with a message that begins "Signature expired"; SDKs learn the clock's offset from it.
  RequestExpired: { code: 'SignatureDoesNotMatch', status: 403 },
  RequestReplayed: { code: 'SignatureDoesNotMatch', status: 403 },
  InvalidToken: { code: 'InvalidClientTokenId', status: 403 },
  TokenExpired: { code: 'ExpiredToken', status: 403 },
  InvalidIdentityToken: { code: 'InvalidIdentityToken', status: 400 },
  IdentityTokenExpired: { code: 'ExpiredTokenException', status: 400 },
  AccessDenied: denied,
  // STS does not tell a stranger which roles there are.
  LeaseNotFound: denied,
  RoleNotFound: denied,
  Throttled: { code: 'Throttling', status: 400 },
  CloudRefused: failure,
  CloudUnavailable: unavailable,
  CloudUnintelligible: failure,
  AccountRefused: failure,
  Misconfigured: failure,
  Internal: failure,
};

/** What a code of AWS STS, Ceph RGW or MinIO means. */
const meanings: Readonly<Record<string, StsErrorCode>> = {
  ...queryMeanings,
  ExpiredTokenException: 'IdentityTokenExpired',
  IDPCommunicationError: 'CloudUnavailable',
  IDPRejectedClaim: 'InvalidIdentityToken',
  InsecureConnection: 'AccountRefused',
  InvalidClientGrantsToken: 'InvalidIdentityToken',
  InvalidIdentityToken: 'InvalidIdentityToken',
  MalformedPolicy: 'MalformedPolicy',
  NoSuchRole: 'RoleNotFound',
  RegionDisabledException: 'AccessDenied',
  STSNotInitialized: 'CloudUnavailable',
};

/** The meaning of a refusal: by its code, and if the code says nothing, by the status. */
export const meaningOf = (code: string | undefined, status: number): StsErrorCode =>
  meaningBy(meanings, code) ?? meaningOfStatus(status, code);
