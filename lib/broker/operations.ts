import type { Caller } from '../core/caller.ts';
import type { Answer } from '../core/cloud.ts';
import type { WebIdentity } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, TokenRequest } from '../core/requests.ts';
import { type AuthenticatedRequest, configured, questionOf } from './authenticated-request.ts';
import { callerIdentity } from './caller-identity.ts';
import { credentialsAnswer } from './credentials-answer.ts';
import { type Issued, issue } from './issue.ts';
import { issueToken } from './issue-token.ts';
import { listLeases } from './list-leases.ts';
import { readLease } from './read-lease.ts';

/** Does what was asked: answers about the caller, reads a lease, or issues. Rejects with an StsError. */
export const execute = async (authenticated: AuthenticatedRequest): Promise<Answer> => {
  const { deps, caller, now } = authenticated;
  const { request, proof } = authenticated.asked;
  switch (request.operation) {
    case 'GetCallerIdentity':
      return { kind: 'identity', identity: await callerIdentity(authenticated, request) };
    case 'Login':
      return { kind: 'login', token: configured(deps.logins).begin(caller, now), user: caller.name };
    case 'Logout':
      if (proof.kind === 'login') await configured(deps.logins).end(proof.token, now);
      return { kind: 'logout', user: caller.name };
    case 'IssueToken':
      return issueToken(authenticated, request);
    case 'ListLeases':
      return listLeases(authenticated, request);
    // The page is served beside the broker, not by it.
    case 'Observe':
      throw new StsError('UnsupportedOperation');
    case 'ReadLease':
      return credentialsAnswer(authenticated, await readLease(authenticated, request));
    default:
      return credentialsAnswer(authenticated, await issueTo(authenticated, request));
  }
};

const issueTo = async (authenticated: AuthenticatedRequest, request: TokenRequest<MintOperation>): Promise<Issued> => {
  const { deps, caller, incoming, record } = authenticated;
  const { rules, mint } = deps;
  const issued = await issue(questionOf(authenticated, request), incoming, {
    rules,
    source: mint.credentials,
    record,
  });
  if (request.operation !== 'AssumeRoleWithWebIdentity') return issued;
  // What a cloud said of the token itself comes before what was proven here.
  return { ...issued, credentials: { webIdentity: webIdentityOf(caller), ...issued.credentials } };
};

/** What was proven of the identity token, for the reply that repeats it. */
const webIdentityOf = ({ claims = {} }: Caller): WebIdentity => {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const { sub, aud, iss } = claims;
  return omitUndefined({
    subject: text(sub) ?? '',
    audience: text(Array.isArray(aud) ? aud[0] : aud),
    provider: text(iss),
  });
};
