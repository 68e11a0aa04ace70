import type { Session } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { PolicyGrammar, Statement } from '../core/policy.ts';
import type { SessionAct } from '../core/session-act.ts';
import { policyFaultCodes } from '../policies/check.ts';
import { matchesPattern, permitsSubject } from '../policies/permits.ts';
import { mayMeanRole } from './may-mean-role.ts';
import type { AuthorityNames } from './names.ts';

/** The statements of a session policy, or an StsError that says what its grammar does not allow. */
export const readSessionPolicy = (grammar: PolicyGrammar, text: string): readonly Statement[] => {
  const reading = grammar.read(text);
  if ('fault' in reading) throw new StsError(policyFaultCodes[reading.fault], reading.why);
  return reading.statements;
};

/** A lease as each grammar names a resource. */
const leaseNames = (lease: string): readonly string[] => [
  `arn:aws:credmint:::lease/${lease}`,
  `qcs::credmint:::lease/${lease}`,
  `ucs:credmint:::lease/${lease}`,
  `acs:credmint:::lease/${lease}`,
  `trn:credmint:::lease/${lease}`,
  `credmint:::lease:${lease}`,
];

/** Whether a pattern may be meant for a lease: leases have no region and no account, and whoever denies one may write some. */
const mayMeanLease =
  (lease: string) =>
  (pattern: string): boolean => {
    const name = /(?:^|:)(?:credmint|\*)?:[^:]*:[^:]*:lease[/:](.+)/s.exec(pattern)?.[1];
    return name !== undefined && matchesPattern(name, lease);
  };

/**
 * Whether a session may do something: its role must allow it, and every session policy on the way must too. No policy
 * adds to what came before it. A policy is asked about a role by all of its names in every system's words, and what it denies
 * is taken to be denied in any spelling, or asking in another's would be a way around what is denied.
 */
export const sessionMay = (names: AuthorityNames, session: Session, { actions, role, lease }: SessionAct): boolean => {
  const { grammar } = names.naming(session.dialect);
  const own = session.policies.map((text) => readSessionPolicy(grammar, text));
  // A federated user has nothing but what its policy gives.
  if (session.kind === 'federated' && own.length === 0) return false;
  const rolePolicy = names.rolePolicy(session);
  const roleNames = role === undefined ? [] : names.roles.textsOf(role);
  return permitsSubject(rolePolicy === undefined ? own : [rolePolicy, ...own], {
    actions,
    names: [...roleNames, ...(lease === undefined ? [] : leaseNames(lease))],
    ...(role === undefined ? {} : { mayMean: mayMeanRole(role, ...roleNames) }),
    ...(lease === undefined ? {} : { mayMean: mayMeanLease(lease) }),
  });
};
