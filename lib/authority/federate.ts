import { subjectBehind } from '../core/caller-behind.ts';
import type { Credentials } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintRequest } from '../core/requests.ts';
import {
  type AuthorityDeps,
  issueSession,
  lifetime,
  refuseSecondFactor,
  sessionPolicies,
  sessionTags,
} from './issue-session.ts';

/** How long a session lives at most in a system that names no limit. */
const defaultMaxSeconds = 3600;

/** A session of a federated user, for a caller with a long-term key: the grants' gate lets no session come here. */
export const federate = (deps: AuthorityDeps, request: MintRequest<'GetFederationToken'>, now: Date): Credentials => {
  const dialect = deps.names.speaks(request.dialect);
  const { max = defaultMaxSeconds } = deps.names.naming(dialect).seconds.GetFederationToken ?? {};
  return issueSession(deps, {
    kind: 'federated',
    caller: request.caller.name,
    subject: subjectBehind(request.caller),
    dialect,
    name: request.name,
    policies: sessionPolicies(deps, dialect, request),
    ...lifetime(request, now, max),
    ...omitUndefined({ tags: sessionTags(request.tags) }),
  });
};

/** A session of the caller itself, for a caller with a long-term key. */
export const getSessionToken = (
  deps: AuthorityDeps,
  request: MintRequest<'GetSessionToken'>,
  now: Date,
): Credentials => {
  refuseSecondFactor(request);
  const dialect = deps.names.speaks(request.dialect);
  const { max = defaultMaxSeconds } = deps.names.naming(dialect).seconds.GetSessionToken ?? {};
  return issueSession(deps, {
    kind: 'user',
    caller: request.caller.name,
    subject: subjectBehind(request.caller),
    dialect,
    name: request.caller.name,
    policies: [],
    ...lifetime(request, now, max),
  });
};
