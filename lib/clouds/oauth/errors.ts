import type { StsError, StsErrorCode } from '../../core/errors.ts';

/** An error of RFC 6749, 5.2, RFC 8693, 2.2.2, or of ours if those have none, and its status. */
interface OAuthError {
  readonly error: string;
  readonly status: number;
}

const say = (error: string, status = 400): OAuthError => ({ error, status });

const invalidRequest = say('invalid_request');
const invalidTarget = say('invalid_target');

/** The codes that OAuth has a word for; what it calls the others goes by their status. */
const named: { readonly [Code in StsErrorCode]?: OAuthError } = {
  UnknownOperation: say('unsupported_grant_type'),
  UnsupportedOperation: say('unsupported_grant_type'),
  RequestReplayed: invalidRequest,
  // RFC 8693, 2.2.2: a subject or actor token that is not valid, for whatever reason.
  InvalidIdentityToken: invalidRequest,
  IdentityTokenExpired: invalidRequest,
  AccessDenied: say('unauthorized_client'),
  LeaseNotFound: invalidTarget,
  RoleNotFound: invalidTarget,
};

const byStatus = (status: number): OAuthError => {
  if (status === 401) return say('invalid_client', status);
  if (status === 429 || status === 503) return say('temporarily_unavailable', status);
  return say(status >= 500 ? 'server_error' : 'invalid_request', status);
};

/** Denials that are about what was asked for rather than about who asks. */
const ofTarget: ReadonlySet<string> = new Set(['AudienceNotGranted', 'RoleNotGranted', 'AccountNotGranted']);

/** What an error is called by OAuth. */
export const oauthErrorOf = ({ code, detail, traits }: StsError): OAuthError => {
  if (code === 'UnknownParameter' && detail.parameter === 'scope') return say('invalid_scope');
  if (code === 'AccessDenied' && ofTarget.has(detail.reason ?? '')) return invalidTarget;
  return named[code] ?? byStatus(traits.status);
};
