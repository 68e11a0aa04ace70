import type { StsErrorCode } from '../../core/errors.ts';

interface ClassicError {
  readonly code: number;
  /** The vendor publishes `Success` and `AuthFailure` only; the others are ours. Clients switch on `code`. */
  readonly codeDesc: string;
}

const internal: ClassicError = { code: 6000, codeDesc: 'InternalError' };
const failed: ClassicError = { code: 5100, codeDesc: 'FailedOperation' };
const unsupported = (codeDesc: string): ClassicError => ({ code: 6100, codeDesc });
const parameter = (codeDesc: string): ClassicError => ({ code: 4000, codeDesc });

/**
 * Our codes in the words of API 2.0; what its codes mean stands in `../tencent.ts`, since API 3.0 speaks them too.
 * https://cloud.tencent.com/document/product/213/1718
 */
export const classicErrors: Readonly<Record<StsErrorCode, ClassicError>> = {
  InvalidRequest: parameter('InvalidRequest'),
  RequestTooLarge: parameter('RequestSizeLimitExceeded'),
  NotFound: unsupported('NotFound'),
  MethodNotAllowed: parameter('UnsupportedProtocol'),
  MissingOperation: parameter('MissingParameter'),
  UnknownOperation: unsupported('InvalidAction'),
  UnsupportedOperation: unsupported('UnsupportedOperation'),
  UnsupportedVersion: unsupported('NoSuchVersion'),
  MissingParameter: parameter('MissingParameter'),
  InvalidParameter: parameter('InvalidParameter'),
  UnknownParameter: parameter('UnknownParameter'),
  InvalidDuration: parameter('OverTimeError'),
  MalformedPolicy: parameter('StrategyFormatError'),
  InvalidPolicy: parameter('StrategyInvalid'),
  InvalidPolicyResource: parameter('ResourceError'),
  PolicyTooLarge: parameter('PolicyTooLong'),
  Unauthenticated: { code: 4100, codeDesc: 'AuthFailure' },
  MalformedAuthorization: { code: 4100, codeDesc: 'AuthFailure' },
  UnknownKey: { code: 4104, codeDesc: 'SecretIdNotFound' },
  SignatureMismatch: { code: 4100, codeDesc: 'AuthFailure' },
  // Both are 4500 in the newer pages; the older ones give the first 4200.
  RequestExpired: { code: 4500, codeDesc: 'SignatureExpire' },
  RequestReplayed: { code: 4500, codeDesc: 'RequestReplayed' },
  InvalidToken: { code: 4105, codeDesc: 'TokenFailure' },
  TokenExpired: { code: 4105, codeDesc: 'TokenFailure' },
  InvalidIdentityToken: { code: 4100, codeDesc: 'AuthFailure' },
  IdentityTokenExpired: { code: 4100, codeDesc: 'AuthFailure' },
  AccessDenied: { code: 4101, codeDesc: 'UnauthorizedOperation' },
  LeaseNotFound: { code: 5000, codeDesc: 'ResourceNotFound' },
  RoleNotFound: { code: 5000, codeDesc: 'ResourceNotFound' },
  Throttled: { code: 4400, codeDesc: 'RequestLimitExceeded' },
  CloudRefused: failed,
  CloudUnavailable: { code: 6200, codeDesc: 'ServiceUnavailable' },
  CloudUnintelligible: failed,
  AccountRefused: failed,
  Unavailable: { code: 6200, codeDesc: 'ServiceUnavailable' },
  Misconfigured: internal,
  Internal: internal,
};
