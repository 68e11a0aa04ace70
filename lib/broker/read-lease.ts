import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { TokenRequest } from '../core/requests.ts';
import { accountOf } from '../grants/authorize.ts';
import { authorizeLease } from '../grants/authorize-reading.ts';
import { heedChain } from '../grants/session-gate.ts';
import { type AuthenticatedRequest, configured, questionOf } from './authenticated-request.ts';
import { type Issued, noteDecision } from './issue.ts';
import { fieldsOfCredentials } from './record-fields.ts';

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
  const asked = omitUndefined<TokenRequest<'ReadLease'>>({ ...request, account: reader.accountOf(request.lease) });
  const { grant, ...allowed } = authorizeLease(deps.rules, questionOf(authenticated, asked));
  const account = accountOf(deps.rules, grant);
  noteDecision(record, caller, { ...allowed, account }, { grant: grant.name });
  record.enter('mint');
  const reading = await reader.read(request.lease, now);
  if (reading.kind === 'awaited') {
    throw new StsError('LeaseNotFound', undefined, { retryAfterSeconds: reading.seconds });
  }
  heedChain(caller, reading.credentials.expiration.getTime() - reading.mintedAt.getTime());
  record.note({ ...fieldsOfCredentials(reading.credentials), origin: 'kept' });
  return { credentials: reading.credentials, account };
};
