import { type StsError, type StsErrorCode, stsErrors } from '../../core/errors.ts';
import { type Meanings, meaningBy, meaningOfStatus } from '../meanings.ts';

interface AlibabaError {
  readonly code: string;
  readonly status: number;
}

const say = (code: string, status = 400): AlibabaError => ({ code, status });

const internal = say('InternalError', 500);

/**
 * Our codes in the words of Alibaba Cloud STS. The status matters: its SDKs look for an error only in a reply that is
 * not 2xx.
 * https://help.aliyun.com/zh/ram/developer-reference/api-sts-2015-04-01-errorcodes and
 * https://help.aliyun.com/document_detail/42775.html
 */
const alibabaErrors: Readonly<Record<StsErrorCode, AlibabaError>> = {
  InvalidRequest: say('InvalidParameter'),
  RequestTooLarge: say('InvalidParameter', 413),
  NotFound: say('InvalidAction.NotFound', 404),
  MethodNotAllowed: say('UnsupportedHTTPMethod', 405),
  MissingOperation: say('MissingAction'),
  UnknownOperation: say('InvalidAction.NotFound', 404),
  UnsupportedOperation: say('InvalidAction.NotFound', 404),
  UnsupportedVersion: say('InvalidVersion'),
  MissingParameter: say('MissingParameter'),
  InvalidParameter: say('InvalidParameter'),
  UnknownParameter: say('InvalidParameter'),
  InvalidDuration: say('InvalidParameter.DurationSeconds'),
  MalformedPolicy: say('InvalidParameter.PolicyGrammar'),
  InvalidPolicy: say('InvalidParameter.PolicyGrammar'),
  InvalidPolicyResource: say('InvalidParameter.PolicyGrammar'),
  PolicyTooLarge: say('InvalidParameter.PolicySize'),
  Unauthenticated: say('MissingAccessKeyId'),
  MalformedAuthorization: say('IncompleteSignature'),
  UnknownKey: say('InvalidAccessKeyId.NotFound', 404),
  SignatureMismatch: say('SignatureDoesNotMatch'),
  RequestExpired: say('InvalidTimeStamp.Expired'),
  RequestReplayed: say('SignatureNonceUsed'),
  InvalidToken: say('InvalidSecurityToken.Malformed'),
  TokenExpired: say('InvalidSecurityToken.Expired'),
  InvalidIdentityToken: say('AuthenticationFail.OIDCToken.Invalid', 401),
  IdentityTokenExpired: say('AuthenticationFail.OIDCToken.Expired', 401),
  AccessDenied: say('NoPermission', 403),
  LeaseNotFound: say('NoPermission', 403),
  RoleNotFound: say('EntityNotExist.Role', 404),
  Throttled: say('Throttling.User'),
  CloudRefused: say('OperationFailed'),
  CloudUnavailable: say('ServiceUnavailable', 503),
  CloudUnintelligible: say('OperationFailed'),
  AccountRefused: say('OperationFailed'),
  Unavailable: say('ServiceUnavailable', 503),
  Misconfigured: internal,
  Internal: internal,
};

const meanings: Meanings = {
  AuthenticationFail: 'InvalidIdentityToken',
  'AuthenticationFail.NoPermission': 'AccessDenied',
  'AuthenticationFail.OIDCToken.Expired': 'IdentityTokenExpired',
  EntityNotExist: 'RoleNotFound',
  Forbidden: 'AccessDenied',
  IncompleteSignature: 'MalformedAuthorization',
  InternalError: 'CloudUnavailable',
  InvalidAccessKeyId: 'UnknownKey',
  InvalidAction: 'UnsupportedOperation',
  InvalidParameter: 'InvalidParameter',
  'InvalidParameter.DurationSeconds': 'InvalidDuration',
  'InvalidParameter.PolicyGrammar': 'MalformedPolicy',
  'InvalidParameter.PolicySize': 'PolicyTooLarge',
  InvalidSecurityToken: 'InvalidToken',
  'InvalidSecurityToken.Expired': 'TokenExpired',
  InvalidTimeStamp: 'RequestExpired',
  InvalidVersion: 'UnsupportedVersion',
  MissingAccessKeyId: 'Unauthenticated',
  MissingAction: 'MissingOperation',
  MissingParameter: 'MissingParameter',
  MissingSecurityToken: 'InvalidToken',
  NoPermission: 'AccessDenied',
  OperationFailed: 'CloudRefused',
  ServiceUnavailable: 'CloudUnavailable',
  SignatureDoesNotMatch: 'SignatureMismatch',
  SignatureNonceUsed: 'RequestReplayed',
  UnsupportedHTTPMethod: 'MethodNotAllowed',
};

/** The meaning of a refusal: by its code or what that is a kind of; if it says nothing, by the status. */
export const meaningOf = (code: string | undefined, status: number): StsErrorCode => {
  // The vendor's SDKs repeat whatever has this word in its code.
  if (code?.includes('Throttling') || status === 429) return 'Throttled';
  return meaningBy(meanings, code) ?? meaningOfStatus(status, code);
};

/** Parameters that have a code of their own, `InvalidParameter.` before their name. */
const ownCodes: ReadonlySet<string> = new Set(['RoleArn', 'RoleSessionName']);

/** The code and status of a refusal; of a parameter with a code of its own, that one. */
export const errorOf = ({ code, detail }: StsError): AlibabaError =>
  code === 'InvalidParameter' && detail.parameter !== undefined && ownCodes.has(detail.parameter)
    ? say(`InvalidParameter.${detail.parameter}`)
    : alibabaErrors[code];

/** What Alibaba Cloud is known to say, if we say nothing of our own. */
const sentences: { readonly [Code in StsErrorCode]?: string } = {
  AccessDenied: 'You are not authorized to do this action. You should be authorized by RAM.',
  RequestReplayed: 'Specified signature nonce was used already.',
  RoleNotFound: 'The role not exists.',
  SignatureMismatch: 'Specified signature is not matched with our calculation.',
  UnknownKey: 'Specified access key is not found.',
};

/** The message of a refusal; never empty, since some of its clients fail without one. */
export const messageOf = ({ code, message }: StsError): string =>
  (message === stsErrors[code].title ? sentences[code] : undefined) ?? message;
