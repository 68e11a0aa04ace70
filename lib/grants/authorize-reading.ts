import type { Account } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import type { TokenRequest } from '../core/requests.ts';
import { type AllowingGrant, accountOf, allowingGrants, grantFor, grantsFor, type Rules } from './authorize.ts';
import type { Question } from './evaluate.ts';
import { heedSession, sessionLets } from './session-gate.ts';

/** The grant by which a caller may read a lease. The request has the lease's account; none if there is no such lease. */
export const authorizeLease = (rules: Rules, question: Question<TokenRequest<'ReadLease'>>): AllowingGrant => {
  try {
    const [first] = grantsFor(rules, question);
    heedSession(rules.sessionMay, question.caller, question.request);
    return first;
  } catch (thrown) {
    // A caller that is refused must not learn whether there is such a lease: one answer for every reason.
    const { code, message, detail } = StsError.from(thrown);
    throw new StsError(code, message, { reason: 'LeaseNotGranted', ...detail, untold: true });
  }
};

/**
 * The grant by which a caller may list leases at all, and whether it may see one of them: the others are to the caller
 * as if they were not there.
 */
export const authorizeLeaseListing = (
  rules: Rules,
  question: Question<TokenRequest<'ListLeases'>>,
): AllowingGrant & { readonly sees: (lease: string, account: string) => boolean } => {
  const [first] = grantsFor(rules, question);
  const sees = (lease: string, account: string): boolean => {
    const request = { ...question.request, lease, account };
    const isGranted = allowingGrants(rules, { ...question, request }).length > 0;
    return isGranted && sessionLets(rules.sessionMay, question.caller, request);
  };
  return { ...first, sees };
};

/** The grant by which a caller may ask who an account's own key is, and the account. */
export const authorizeIdentity = (
  rules: Rules,
  question: Question<TokenRequest<'GetCallerIdentity'>>,
): AllowingGrant & { readonly account: Account } => {
  const allowing = grantFor(rules, question);
  const account = accountOf(rules, allowing.grant);
  // Of the authority the answer is who the caller itself is, which nobody can be denied to know.
  if (account.cloud !== 'authority') heedSession(rules.sessionMay, question.caller, question.request);
  return { ...allowing, account };
};

/** The grant by which a caller may look at what this server does. */
export const authorizeObserver = (rules: Rules, question: Question<TokenRequest<'Observe'>>): AllowingGrant => {
  const allowing = grantFor(rules, question);
  heedSession(rules.sessionMay, question.caller, question.request);
  return allowing;
};
