import type { Caller } from '../core/caller.ts';
import { callerBehind, subjectBehind } from '../core/caller-behind.ts';
import type { Credentials } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
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
import { sessionMay } from './narrowing.ts';
import type { AuthorityRole, KnownRole } from './roles.ts';

/**
 * The longest that a role's session can give to the next in a chain.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
const maxChainedSeconds = 3600;

/** A session of a role, for a caller that the role trusts. */
export const assumeRole = (
  deps: AuthorityDeps,
  request: MintRequest<'AssumeRole' | 'AssumeRoleWithWebIdentity'>,
  now: Date,
): Credentials => {
  const { names } = deps;
  const { caller } = request;
  const known = names.roles.find(names.speaks(request.dialect), request.role);
  if (known === undefined) throw new StsError('RoleNotFound', 'The role does not exist.');
  const { role, dialect } = known;
  const chained = caller.session;
  if (!isTrusted(role, caller)) {
    throw new StsError('AccessDenied', 'The caller is not authorized to assume this role.');
  }
  if (!sessionAllows(deps, caller, known)) {
    throw new StsError('AccessDenied', 'The policy of this session does not allow to assume this role.');
  }
  if (request.operation === 'AssumeRole') refuseSecondFactor(request);
  // An identity token brings no external id, so it opens no role that asks for one.
  const externalId = request.operation === 'AssumeRole' ? request.externalId : undefined;
  if (role.externalId !== undefined && role.externalId !== externalId) {
    throw new StsError('AccessDenied', 'The caller is not authorized to assume this role.');
  }
  const maxSeconds =
    chained?.kind === 'role'
      ? Math.min(maxChainedSeconds, role.maxSessionDurationSeconds)
      : role.maxSessionDurationSeconds;
  return issueSession(deps, {
    kind: 'role',
    caller: callerBehind(caller),
    subject: subjectBehind(caller),
    dialect,
    role: role.name,
    name: request.sessionName,
    policies: sessionPolicies(deps, dialect, request),
    ...lifetime(request, now, maxSeconds),
    ...omitUndefined({
      tags: sessionTags(request.tags),
      sourceIdentity:
        chained?.sourceIdentity ?? (request.operation === 'AssumeRole' ? request.sourceIdentity : undefined),
    }),
  });
};

const isTrusted = ({ trust }: AuthorityRole, { name, session }: Caller): boolean => {
  if (session?.kind === 'federated') return false;
  const own = session === undefined ? name : session.role === undefined ? session.caller : `role:${session.role}`;
  return trust.includes('*') || trust.includes(own);
};

/** Whether the policies of the caller's own session, if it has one, let it assume the role. */
const sessionAllows = ({ names }: AuthorityDeps, { session }: Caller, { role, texts }: KnownRole): boolean => {
  if (session === undefined) return true;
  // What denies the role by one of its names denies it by all of them, and in the words of every system.
  const own = names.roles.named(names.speaks(session.dialect), role.name)?.texts ?? [];
  const { grammar } = names.naming(session.dialect);
  return sessionMay(session, grammar, names.rolePolicy(session), 'sts:AssumeRole', [...texts, ...own]);
};
