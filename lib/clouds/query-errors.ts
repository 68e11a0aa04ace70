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
  InvalidClientTokenId: 'UnknownKey',
  InvalidParameterCombination: 'InvalidParameter',
  InvalidParameterValue: 'InvalidParameter',
  MalformedPolicyDocument: 'MalformedPolicy',
  MalformedQueryString: 'InvalidRequest',
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

/** What a code means by a table; nothing where the table does not have it, or what it would inherit. */
export const meaningBy = (
  meanings: Readonly<Record<string, StsErrorCode>>,
  code: string | undefined,
): StsErrorCode | undefined => (code !== undefined && Object.hasOwn(meanings, code) ? meanings[code] : undefined);
