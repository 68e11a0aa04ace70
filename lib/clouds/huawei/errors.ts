import { type StsError, type StsErrorCode, stsErrors } from '../../core/errors.ts';
import { type Meanings, meaningBy, meaningOfStatus } from '../meanings.ts';

interface HuaweiError {
  readonly code: string;
  readonly status: number;
}

const say = (code: string, status: number): HuaweiError => ({ code, status });

const unknownApi = say('APIGW.0101', 404);
const unauthenticated = say('APIGW.0301', 401);
const policy = say('PAP5.0011', 400);
const denied = say('PAP5.0055', 403);
const internal = say('APIGW.0601', 500);

/**
 * Our codes in the words of Huawei Cloud: those of its gateway (`APIGW`, from the error codes of API Gateway) and of its
 * policies (`PAP5`). The table of STS5 itself was nowhere to be read, so a word stands where its number would.
 */
export const huaweiErrors: Readonly<Record<StsErrorCode, HuaweiError>> = {
  InvalidRequest: say('STS5.InvalidRequest', 400),
  RequestTooLarge: say('APIGW.0201', 413),
  NotFound: unknownApi,
  MethodNotAllowed: say('STS5.MethodNotAllowed', 405),
  MissingOperation: unknownApi,
  UnknownOperation: unknownApi,
  UnsupportedOperation: unknownApi,
  UnsupportedVersion: unknownApi,
  MissingParameter: say('STS5.MissingParameter', 400),
  InvalidParameter: say('STS5.InvalidParameter', 400),
  UnknownParameter: say('STS5.UnknownParameter', 400),
  InvalidDuration: say('STS5.InvalidDuration', 400),
  MalformedPolicy: policy,
  InvalidPolicy: policy,
  InvalidPolicyResource: policy,
  PolicyTooLarge: say('STS5.PolicyTooLarge', 400),
  Unauthenticated: unauthenticated,
  MalformedAuthorization: unauthenticated,
  UnknownKey: unauthenticated,
  SignatureMismatch: unauthenticated,
  RequestExpired: unauthenticated,
  RequestReplayed: unauthenticated,
  InvalidToken: unauthenticated,
  TokenExpired: say('APIGW.0307', 401),
  InvalidIdentityToken: say('STS5.InvalidIdToken', 401),
  IdentityTokenExpired: say('STS5.IdTokenExpired', 401),
  AccessDenied: denied,
  LeaseNotFound: denied,
  // As denied: to say more would tell a stranger which agencies there are.
  RoleNotFound: denied,
  Throttled: say('APIGW.0308', 429),
  CloudRefused: say('STS5.Refused', 502),
  CloudUnavailable: say('APIGW.0202', 503),
  CloudUnintelligible: say('STS5.Refused', 502),
  AccountRefused: say('STS5.Refused', 502),
  Unavailable: say('APIGW.0202', 503),
  Misconfigured: internal,
  Internal: internal,
};

const meanings: Meanings = {
  'APIGW.0101': 'UnsupportedOperation',
  'APIGW.0201': 'RequestTooLarge',
  'APIGW.0202': 'CloudUnavailable',
  'APIGW.0203': 'CloudUnavailable',
  'APIGW.0301': 'MalformedAuthorization',
  'APIGW.0302': 'AccessDenied',
  'APIGW.0305': 'MalformedAuthorization',
  'APIGW.0307': 'TokenExpired',
  'APIGW.0308': 'Throttled',
  'APIGW.0601': 'CloudUnavailable',
  'PAP5.0011': 'MalformedPolicy',
  'PAP5.0055': 'AccessDenied',
  'STS5.IdTokenExpired': 'IdentityTokenExpired',
  'STS5.InvalidDuration': 'InvalidDuration',
  'STS5.InvalidIdToken': 'InvalidIdentityToken',
  'STS5.InvalidParameter': 'InvalidParameter',
  'STS5.InvalidRequest': 'InvalidRequest',
  'STS5.MethodNotAllowed': 'MethodNotAllowed',
  'STS5.MissingParameter': 'MissingParameter',
  'STS5.PolicyTooLarge': 'PolicyTooLarge',
  'STS5.Refused': 'CloudRefused',
  'STS5.UnknownParameter': 'UnknownParameter',
};

/** The meaning of a refusal: by its code; if that is not known, as most of the numbers are not, by the status. */
export const meaningOf = (code: string | undefined, status: number): StsErrorCode =>
  meaningBy(meanings, code) ?? meaningOfStatus(status, code);

/** What the gateway is known to say, if we say nothing of our own. */
const sentences: { readonly [Code in StsErrorCode]?: string } = {
  InvalidToken: 'Incorrect IAM authentication information: decrypt token fail',
  SignatureMismatch: 'Incorrect IAM authentication information: verify aksk signature fail',
  Throttled: 'The throttling threshold has been reached',
  Unauthenticated: 'Incorrect IAM authentication information: x-auth-token not found',
  UnknownKey: 'Incorrect IAM authentication information: Get secretKey failed',
};

/** The message of a refusal. */
export const messageOf = ({ code, message }: StsError): string =>
  (message === stsErrors[code].title ? sentences[code] : undefined) ?? message;
