import type { StsErrorCode } from '../core/errors.ts';

/**
 * What the codes mean that all of the Query protocol have: AWS defined it, Ceph RGW, MinIO and Dell ECS took it over.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export const queryMeanings: Readonly<Record<string, StsErrorCode>> = {
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

/** What a code means by a table. Returns undefined if the table does not have it. */
export const meaningBy = (
  meanings: Readonly<Record<string, StsErrorCode>>,
  code: string | undefined,
): StsErrorCode | undefined => (code !== undefined && Object.hasOwn(meanings, code) ? meanings[code] : undefined);

/**
 * What a status means if the code beside it says nothing. A 4xx is about what was asked, and would be refused again: a
 * 5xx of ours would have SDKs repeat it. Only if it has neither a code nor a 400 is it likely not the service's own.
 */
export const meaningOfStatus = (status: number, code: string | undefined): StsErrorCode => {
  if (status === 429) return 'Throttled';
  if (status >= 500) return 'CloudUnavailable';
  if (status === 403) return 'AccessDenied';
  return status === 400 || (status > 400 && code !== undefined) ? 'InvalidParameter' : 'CloudRefused';
};
