import { type StsError, type StsErrorCode, stsErrors } from '../../core/errors.ts';
import { type Meanings, meaningBy, meaningOfStatus } from '../meanings.ts';

interface VolcengineError {
  readonly code: string;
  readonly status: number;
  /** The number that the gateway gives the code; errors of the service itself have none that is documented. */
  readonly number?: number;
}

const say = (code: string, status: number, number?: number): VolcengineError =>
  number === undefined ? { code, status } : { code, status, number };

const missingAction = say('MissingRequestInfo', 400, 100_004);
const unknownAction = say('InvalidActionOrVersion', 404, 100_008);
const invalid = say('InvalidParameter', 400);
const malformedPolicy = say('InvalidJsonStruct', 400);
const denied = say('AccessDenied', 403, 100_013);
const failure = say('InternalServiceError', 502);
const internal = say('InternalError', 500);

/**
 * Our codes in the words of Volcengine: those with a number are the gateway's.
 * https://docs.byteplus.com common-error-codes and https://www.volcengine.com/docs/6257/64992
 */
export const volcengineErrors: Readonly<Record<StsErrorCode, VolcengineError>> = {
  InvalidRequest: invalid,
  RequestTooLarge: say('InvalidParameter', 413),
  NotFound: say('ServiceNotFound', 404, 100_007),
  MethodNotAllowed: say('InvalidParameter', 405),
  MissingOperation: missingAction,
  UnknownOperation: unknownAction,
  UnsupportedOperation: unknownAction,
  UnsupportedVersion: unknownAction,
  MissingParameter: say('MissingParameter', 400, 100_002),
  InvalidParameter: invalid,
  UnknownParameter: invalid,
  InvalidDuration: say('InvalidParameter.DurationSeconds', 400),
  MalformedPolicy: malformedPolicy,
  InvalidPolicy: malformedPolicy,
  InvalidPolicyResource: malformedPolicy,
  PolicyTooLarge: say('InvalidParameter.PolicySize', 400),
  Unauthenticated: say('MissingAuthenticationToken', 401, 100_003),
  MalformedAuthorization: say('MissingSignature', 401, 100_005),
  UnknownKey: say('InvalidAccessKey', 401, 100_009),
  SignatureMismatch: say('SignatureDoesNotMatch', 401, 100_010),
  RequestExpired: say('InvalidTimestamp', 400, 100_006),
  // The scheme has no nonce, and the table no code for a replay. What mends it is to sign again, now.
  RequestReplayed: say('InvalidTimestamp', 400, 100_006),
  InvalidToken: say('SessionTokenInvalid', 401),
  TokenExpired: say('AccessKeyIsExpire', 401),
  InvalidIdentityToken: say('InvalidOIDCToken', 401),
  IdentityTokenExpired: say('InvalidOIDCToken', 401),
  AccessDenied: denied,
  LeaseNotFound: denied,
  RoleNotFound: say('RoleNotExist', 404),
  Throttled: say('FlowLimitExceeded', 429),
  CloudRefused: failure,
  CloudUnavailable: say('ServiceUnavailableTemporarily', 503),
  CloudUnintelligible: failure,
  AccountRefused: failure,
  Unavailable: say('ServiceUnavailableTemporarily', 503),
  Misconfigured: internal,
  Internal: internal,
};

const meanings: Meanings = {
  AccessDenied: 'AccessDenied',
  AccessKeyIsExpire: 'TokenExpired',
  FlowLimitExceeded: 'Throttled',
  InternalError: 'CloudUnavailable',
  InternalServiceError: 'CloudRefused',
  InvalidAccessKey: 'UnknownKey',
  InvalidActionOrVersion: 'UnsupportedOperation',
  InvalidAuthorization: 'MalformedAuthorization',
  InvalidCredential: 'MalformedAuthorization',
  InvalidJsonStruct: 'MalformedPolicy',
  InvalidOIDCToken: 'InvalidIdentityToken',
  InvalidParameter: 'InvalidParameter',
  'InvalidParameter.DurationSeconds': 'InvalidDuration',
  'InvalidParameter.PolicySize': 'PolicyTooLarge',
  InvalidSecretToken: 'InvalidToken',
  InvalidTRN: 'InvalidParameter',
  InvalidTimestamp: 'RequestExpired',
  LackPolicy: 'AccessDenied',
  MissingAuthenticationToken: 'Unauthenticated',
  MissingParameter: 'MissingParameter',
  MissingRequestInfo: 'MissingOperation',
  MissingSignature: 'MalformedAuthorization',
  ParameterNotFound: 'MissingParameter',
  RoleNotExist: 'RoleNotFound',
  ServiceNotFound: 'UnsupportedOperation',
  ServiceUnavailableTemporarily: 'CloudUnavailable',
  SessionTokenInvalid: 'InvalidToken',
  SignatureDoesNotMatch: 'SignatureMismatch',
  UnknownCallerIdentity: 'UnknownKey',
};

/** The meaning of a refusal: by its code or what that is a kind of; if it says nothing, by the status. */
export const meaningOf = (code: string | undefined, status: number): StsErrorCode =>
  meaningBy(meanings, code) ?? meaningOfStatus(status, code);

/** What the gateway is known to say, if we say nothing of our own. */
const sentences: { readonly [Code in StsErrorCode]?: string } = {
  SignatureMismatch:
    'The request signature we calculated does not match the signature you provided. Check your Secret Access Key and signing method.',
  UnknownKey: 'The security token included in the request is invalid.',
};

/** The message of a refusal. */
export const messageOf = ({ code, message }: StsError): string =>
  (message === stsErrors[code].title ? sentences[code] : undefined) ?? message;
