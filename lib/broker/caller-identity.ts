import type { Identity } from '../core/credentials.ts';
import type { TokenRequest } from '../core/requests.ts';
import { authorizeIdentity } from '../grants/authorize-reading.ts';
import { type AuthenticatedRequest, configured, questionOf } from './authenticated-request.ts';
import { fieldsOfAccount } from './record-fields.ts';

/**
 * Who a caller is. Without an account the authority answers from what was proven here and asks no cloud; with an
 * account its cloud says who the account's own key is, if a grant lets the caller ask.
 */
export const callerIdentity = async (
  authenticated: AuthenticatedRequest,
  request: TokenRequest<'GetCallerIdentity'>,
): Promise<Identity> => {
  const { deps, caller, dialect, incoming, record } = authenticated;
  if (request.account === undefined) return configured(deps.authority).identify(caller, dialect.id);
  record.enter('authorize');
  const account = authorizeIdentity(deps.rules, questionOf(authenticated, request));
  record.note(fieldsOfAccount(account));
  record.enter('mint');
  if (account.cloud === 'authority') return configured(deps.authority).identify(caller, dialect.id);
  return deps.mint.identity(account, incoming);
};
