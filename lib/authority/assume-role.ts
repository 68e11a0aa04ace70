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
import type { AuthorityRole } from './roles.ts';

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
  // Stryker disable next-line ConditionalExpression: for the type alone; nothing else can say one of a web identity
  if (request.operation === 'AssumeRole') refuseSecondFactor(request);
  // An identity token brings no external id, so it opens no role that asks for one.
  const externalId = request.operation === 'AssumeRole' ? request.externalId : undefined;
  if (role.externalId !== undefined && role.externalId !== externalId) {
    throw new StsError('AccessDenied', 'The caller is not authorized to assume this role.');
  }
  return issueSession(deps, {
    kind: 'role',
    caller: callerBehind(caller),
    subject: subjectBehind(caller),
    dialect,
    role: role.name,
    name: request.sessionName,
    policies: sessionPolicies(deps, dialect, request),
    ...lifetime(request, now, role.maxSessionDurationSeconds),
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
