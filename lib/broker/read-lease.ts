import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { TokenRequest } from '../core/requests.ts';
import { authorizeLease } from '../grants/authorize-reading.ts';
import { heedChain } from '../grants/session-gate.ts';
import { type AuthenticatedRequest, configured, questionOf } from './authenticated-request.ts';
import type { Issued } from './issue.ts';
import { fieldsOfAccount, fieldsOfCredentials, fieldsOfViolations } from './record-fields.ts';

/**
 * The credentials that are kept under a lease's name. The grants are asked with the lease's account, and before
 * anything is read, so a caller that they refuse does not learn whether the lease exists. Rejects with `LeaseNotFound`
 * if there is nothing valid.
 */
export const readLease = async (
  authenticated: AuthenticatedRequest,
  request: TokenRequest<'ReadLease'>,
): Promise<Issued> => {
  const { deps, caller, now, record } = authenticated;
  const reader = configured(deps.leases);
  record.enter('authorize');
  const account = deps.rules.accounts.get(reader.accountOf(request.lease) ?? '');
  const asked = omitUndefined<TokenRequest<'ReadLease'>>({ ...request, account: account?.name });
  const { grant, auditOnlyViolations } = authorizeLease(deps.rules, questionOf(authenticated, asked));
  record.note({ grant: grant.name, ...(account && fieldsOfAccount(account)) });
  record.note(fieldsOfViolations(caller, auditOnlyViolations));
  record.enter('mint');
  const reading = await reader.read(request.lease, now);
  if (reading.kind !== 'credentials' || account === undefined) {
    const detail = reading.kind === 'awaited' ? { retryAfterSeconds: reading.seconds } : {};
    throw new StsError('LeaseNotFound', undefined, detail);
  }
  heedChain(caller, reading.credentials.expiration.getTime() - reading.mintedAt.getTime());
  record.note({ ...fieldsOfCredentials(reading.credentials), origin: 'kept' });
  return { credentials: reading.credentials, account };
};
