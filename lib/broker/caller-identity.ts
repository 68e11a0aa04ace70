import type { Identity } from '../core/credentials.ts';
import type { TokenRequest } from '../core/requests.ts';
import { authorizeIdentity } from '../grants/authorize-reading.ts';
import { type AuthenticatedRequest, configured, questionOf } from './authenticated-request.ts';
import { noteDecision } from './issue.ts';

/**
 * Who a caller is. Without an account the authority answers from what was proven here and asks no cloud; with an
 * account its cloud says who the account's own key is, if a grant lets the caller ask.
 */
export const callerIdentity = async (
  authenticated: AuthenticatedRequest,
  request: TokenRequest<'GetCallerIdentity'>,
): Promise<Identity> => {
  const { deps, caller, dialect, incoming, record } = authenticated;
  const ownIdentity = (): Identity => configured(deps.authority).identify(caller, dialect.id);
  if (request.account === undefined) return ownIdentity();
  record.enter('authorize');
  const allowed = authorizeIdentity(deps.rules, questionOf(authenticated, request));
  noteDecision(record, caller, allowed, { grant: allowed.grant.name });
  record.enter('mint');
  return allowed.account.cloud === 'authority' ? ownIdentity() : deps.mint.identity(allowed.account, incoming);
};
