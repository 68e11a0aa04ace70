import type { StsError, StsErrorCode } from '../../core/errors.ts';

/** An error of RFC 6749, 5.2, RFC 8693, 2.2.2, or of ours if those have none, and its status. */
interface OAuthError {
  readonly error: string;
  readonly status: number;
}

const invalidRequest: OAuthError = { error: 'invalid_request', status: 400 };
const invalidClient: OAuthError = { error: 'invalid_client', status: 401 };
const serverError: OAuthError = { error: 'server_error', status: 500 };
const badGateway: OAuthError = { error: 'server_error', status: 502 };

const errors: Readonly<Record<StsErrorCode, OAuthError>> = {
  InvalidRequest: invalidRequest,
  RequestTooLarge: { error: 'invalid_request', status: 413 },
  NotFound: { error: 'invalid_request', status: 404 },
  MethodNotAllowed: { error: 'invalid_request', status: 405 },
  MissingOperation: invalidRequest,
  UnknownOperation: { error: 'unsupported_grant_type', status: 400 },
  UnsupportedOperation: { error: 'unsupported_grant_type', status: 400 },
  UnsupportedVersion: invalidRequest,
  MissingParameter: invalidRequest,
  InvalidParameter: invalidRequest,
  UnknownParameter: invalidRequest,
  InvalidDuration: invalidRequest,
  MalformedPolicy: invalidRequest,
  InvalidPolicy: invalidRequest,
  InvalidPolicyResource: invalidRequest,
  PolicyTooLarge: invalidRequest,
  Unauthenticated: invalidClient,
  MalformedAuthorization: invalidClient,
  UnknownKey: invalidClient,
  SignatureMismatch: invalidClient,
  RequestExpired: invalidClient,
  RequestReplayed: invalidRequest,
  InvalidToken: invalidClient,
  TokenExpired: invalidClient,
  // RFC 8693, 2.2.2: a subject or actor token that is not valid, for whatever reason.
  InvalidIdentityToken: invalidRequest,
  IdentityTokenExpired: invalidRequest,
  AccessDenied: { error: 'unauthorized_client', status: 400 },
  LeaseNotFound: { error: 'invalid_target', status: 400 },
  RoleNotFound: { error: 'invalid_target', status: 400 },
  Throttled: { error: 'temporarily_unavailable', status: 429 },
  CloudRefused: badGateway,
  CloudUnavailable: { error: 'temporarily_unavailable', status: 503 },
  CloudUnintelligible: badGateway,
  AccountRefused: badGateway,
  Unavailable: { error: 'temporarily_unavailable', status: 503 },
  Misconfigured: serverError,
  Internal: serverError,
};

/** Denials that are about what was asked for rather than about who asks. */
const ofTarget: ReadonlySet<string> = new Set(['AudienceNotGranted', 'RoleNotGranted', 'AccountNotGranted']);

/** What an error is called by OAuth. */
export const oauthErrorOf = ({ code, detail }: StsError): OAuthError => {
  if (code === 'UnknownParameter' && detail.parameter === 'scope') return { error: 'invalid_scope', status: 400 };
  return code === 'AccessDenied' && ofTarget.has(detail.reason ?? '')
    ? { error: 'invalid_target', status: 400 }
    : errors[code];
};
