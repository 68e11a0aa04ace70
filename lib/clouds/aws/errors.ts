import type { StsErrorCode } from '../../core/errors.ts';
import { type Meanings, meaningBy, meaningOfStatus } from '../meanings.ts';
import { queryErrors, queryMeanings } from '../query-errors.ts';

/**
 * Our codes in the words of AWS STS.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and the errors of each operation there.
 */
export const awsErrors = /* @__PURE__ */ queryErrors({
  InvalidRequest: { code: 'MalformedQueryString', status: 404 },
  MethodNotAllowed: { code: 'MalformedQueryString', status: 404 },
  // STS answers so, with a message that begins "Signature expired"; SDKs learn the clock's offset from it.
  RequestExpired: { code: 'SignatureDoesNotMatch', status: 403 },
  InvalidIdentityToken: { code: 'InvalidIdentityToken', status: 400 },
  IdentityTokenExpired: { code: 'ExpiredTokenException', status: 400 },
});

/** What a code of AWS STS, Ceph RGW or MinIO means. */
const meanings: Meanings = {
  ...queryMeanings,
  ExpiredTokenException: 'IdentityTokenExpired',
  IDPCommunicationError: 'CloudUnavailable',
  IDPRejectedClaim: 'InvalidIdentityToken',
  InsecureConnection: 'AccountRefused',
  InvalidClientGrantsToken: 'InvalidIdentityToken',
  InvalidIdentityToken: 'InvalidIdentityToken',
  MalformedPolicy: 'MalformedPolicy',
  NoSuchRole: 'RoleNotFound',
  // NooBaa, of an operation; VAST, of a session policy.
  NotImplemented: 'UnsupportedOperation',
  RegionDisabledException: 'AccessDenied',
  STSNotInitialized: 'CloudUnavailable',
};

/** The meaning of a refusal: by its code, and if the code says nothing, by the status. */
export const meaningOf = (code: string | undefined, status: number): StsErrorCode =>
  // Ozone says why in plain text.
  meaningBy(meanings, code) ?? (status === 501 ? 'UnsupportedOperation' : meaningOfStatus(status, code));
