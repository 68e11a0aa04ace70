import { type StsError, type StsErrorCode, stsErrors } from '../../core/errors.ts';
import { type Meanings, meaningBehind200, meaningBy } from '../meanings.ts';

/**
 * Our codes in the words of API 3.0, whose misspellings are its own.
 * https://cloud.tencent.com/document/api/598/33168 and the errors of each operation of STS.
 */
export const tencentErrors: Readonly<Record<StsErrorCode, string>> = {
  InvalidRequest: 'InvalidRequest',
  RequestTooLarge: 'RequestSizeLimitExceeded',
  NotFound: 'InvalidRequest',
  MethodNotAllowed: 'UnsupportedProtocol',
  MissingOperation: 'MissingParameter',
  UnknownOperation: 'InvalidAction',
  UnsupportedOperation: 'UnsupportedOperation',
  UnsupportedVersion: 'NoSuchVersion',
  MissingParameter: 'MissingParameter',
  InvalidParameter: 'InvalidParameter',
  UnknownParameter: 'UnknownParameter',
  InvalidDuration: 'InvalidParameter.OverTimeError',
  MalformedPolicy: 'InvalidParameter.StrategyFormatError',
  InvalidPolicy: 'InvalidParameter.StrategyInvalid',
  InvalidPolicyResource: 'InvalidParameter.ResouceError',
  PolicyTooLarge: 'InvalidParameter.PolicyTooLong',
  Unauthenticated: 'AuthFailure.InvalidAuthorization',
  MalformedAuthorization: 'AuthFailure.InvalidAuthorization',
  UnknownKey: 'AuthFailure.SecretIdNotFound',
  SignatureMismatch: 'AuthFailure.SignatureFailure',
  RequestExpired: 'AuthFailure.SignatureExpire',
  // API 3.0 has no code for a replay. What mends it is what mends this one: sign again, now.
  RequestReplayed: 'AuthFailure.SignatureExpire',
  InvalidToken: 'AuthFailure.TokenFailure',
  TokenExpired: 'AuthFailure.TokenFailure',
  InvalidIdentityToken: 'InvalidParameter.WebIdentityTokenError',
  IdentityTokenExpired: 'InvalidParameter.WebIdentityTokenError',
  AccessDenied: 'UnauthorizedOperation',
  LeaseNotFound: 'ResourceNotFound',
  RoleNotFound: 'ResourceNotFound.RoleNotFound',
  Throttled: 'RequestLimitExceeded',
  CloudRefused: 'FailedOperation',
  CloudUnavailable: 'ServiceUnavailable',
  CloudUnintelligible: 'FailedOperation',
  AccountRefused: 'FailedOperation',
  Unavailable: 'ServiceUnavailable',
  Misconfigured: 'InternalError',
  Internal: 'InternalError',
};

const meanings: Meanings = {
  ActionOffline: 'UnsupportedOperation',
  AuthFailure: 'MalformedAuthorization',
  'AuthFailure.AccessKeyIllegal': 'UnknownKey',
  'AuthFailure.InvalidAuthorization': 'MalformedAuthorization',
  'AuthFailure.InvalidSecretId': 'UnknownKey',
  'AuthFailure.MFAFailure': 'AccessDenied',
  'AuthFailure.SecretIdNotFound': 'UnknownKey',
  'AuthFailure.SignatureExpire': 'RequestExpired',
  'AuthFailure.SignatureFailure': 'SignatureMismatch',
  'AuthFailure.TokenFailure': 'InvalidToken',
  'AuthFailure.UnauthorizedOperation': 'AccessDenied',
  // The vendor's SDKs do not repeat it, so it must not become what others repeat.
  FailedOperation: 'InvalidParameter',
  'FailedOperation.CheckMFAError': 'AccessDenied',
  'FailedOperation.MFATypeNotSupported': 'AccessDenied',
  InternalError: 'CloudUnavailable',
  // Named internal, and no more likely to pass the next time.
  'InternalError.IllegalRole': 'InvalidParameter',
  InvalidAction: 'UnsupportedOperation',
  InvalidParameter: 'InvalidParameter',
  'InvalidParameter.AccessKeyNotSupport': 'AccessDenied',
  'InvalidParameter.AccountNotAvaliable': 'AccountRefused',
  'InvalidParameter.ExtendStrategyOverSize': 'PolicyTooLarge',
  'InvalidParameter.GrantOtherResource': 'AccessDenied',
  'InvalidParameter.OverTimeError': 'InvalidDuration',
  'InvalidParameter.PolicyTooLong': 'PolicyTooLarge',
  'InvalidParameter.ResouceError': 'InvalidPolicyResource',
  'InvalidParameter.StrategyFormatError': 'MalformedPolicy',
  'InvalidParameter.StrategyInvalid': 'InvalidPolicy',
  'InvalidParameter.WebIdentityTokenError': 'InvalidIdentityToken',
  InvalidParameterValue: 'InvalidParameter',
  InvalidRequest: 'InvalidRequest',
  IpInBlacklist: 'AccessDenied',
  IpNotInWhitelist: 'AccessDenied',
  MissingParameter: 'MissingParameter',
  NoSuchProduct: 'Misconfigured',
  NoSuchVersion: 'UnsupportedVersion',
  RequestLimitExceeded: 'Throttled',
  RequestSizeLimitExceeded: 'RequestTooLarge',
  ResourceInsufficient: 'CloudUnavailable',
  ResourceNotFound: 'RoleNotFound',
  ResourceUnavailable: 'CloudUnavailable',
  ResourcesSoldOut: 'CloudUnavailable',
  ServiceUnavailable: 'CloudUnavailable',
  UnauthorizedOperation: 'AccessDenied',
  UnknownParameter: 'UnknownParameter',
  UnsupportedOperation: 'UnsupportedOperation',
  UnsupportedProtocol: 'MethodNotAllowed',
  UnsupportedRegion: 'Misconfigured',
};

/** The meaning of a refusal: by its code or what that is a kind of; if neither is known, it is about what was asked. */
export const meaningOf = (code: string | undefined, status: number): StsErrorCode =>
  meaningBy(meanings, code) ?? meaningBehind200(status, code);

/** The messages of API 3.0 for codes that have no message of ours. */
const sentences: { readonly [Code in StsErrorCode]?: string } = {
  MissingOperation: 'The request is missing a required parameter `Action`.',
  SignatureMismatch: 'The provided credentials could not be validated. Please check your signature is correct.',
  UnknownKey: 'The SecretId is not found, please ensure that your SecretId is correct.',
  UnknownOperation: 'The request `Action` is invalid or not found.',
};

/** The message of a refusal, in the words of API 3.0 if they are known. */
export const messageOf = ({ code, message, detail }: StsError): string => {
  const { parameter } = detail;
  if (parameter !== undefined) {
    if (code === 'MissingParameter') return `The request is missing a required parameter \`${parameter}\`.`;
    if (code === 'UnknownParameter') return `The parameter \`${parameter}\` is not recognized.`;
  }
  return (message === stsErrors[code].title ? sentences[code] : undefined) ?? message;
};
