import type { Answer } from '../core/cloud.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { TokenRequest } from '../core/requests.ts';
import { authorizeLeaseListing } from '../grants/authorize-reading.ts';
import { type AuthenticatedRequest, configured, questionOf } from './authenticated-request.ts';
import { fieldsOfViolations } from './record-fields.ts';

/** How many leases one answer may have: some 100 KiB. */
const maxListed = 500;

type LeasesAnswer = Extract<Answer, { kind: 'leases' }>;

/** How the leases are doing that the grants let the caller see, in the order of their names. No credentials are among it. */
export const listLeases = async (
  authenticated: AuthenticatedRequest,
  request: TokenRequest<'ListLeases'>,
): Promise<LeasesAnswer> => {
  const { deps, caller, incoming, now, record } = authenticated;
  const { after } = request;
  const reader = configured(deps.leases);
  record.enter('authorize');
  const { grant, auditOnlyViolations, sees } = authorizeLeaseListing(deps.rules, questionOf(authenticated, request));
  record.note({ grant: grant.name });
  record.note(fieldsOfViolations(caller, auditOnlyViolations));
  const seen: string[] = [];
  for (const name of reader.names()) {
    // One more says that there are more.
    if (seen.length > maxListed) break;
    const account = reader.accountOf(name);
    // Without an account, what is asked could be what the grants of any account allow.
    if (account !== undefined && (after === undefined || name > after) && sees(name, account)) seen.push(name);
  }
  const listed = seen.slice(0, maxListed);
  record.enter('mint');
  const leases = await reader.statuses(listed, incoming, now);
  const next = seen.length > maxListed ? listed.at(-1) : undefined;
  return omitUndefined<LeasesAnswer>({ kind: 'leases', leases, next });
};
