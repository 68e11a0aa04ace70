import type { Caller, Session } from '../core/caller.ts';
import type { Identity } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import type { NamedSession, Naming } from '../core/naming.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Statement } from '../core/policy.ts';
import { type AuthorityRole, type RolesByName, rolesByName } from './roles.ts';

/** The names that the authority's account, roles and sessions have in each system. */
export interface AuthorityNames {
  /** The dialect whose names are used: the JSON API has none of its own and borrows those of AWS, or of any cloud there is. */
  speaks(dialect: string): string;
  /** An StsError if this function has no cloud at all. */
  naming(dialect: string): Naming;
  readonly roles: RolesByName;
  session(session: Session): NamedSession;
  /** What the role of a session may do, in the session's grammar; `undefined` if nothing limits it. */
  rolePolicy(session: Session): readonly Statement[] | undefined;
  /** Who a caller is, in the words of a dialect. */
  identify(caller: Caller, dialect: string): Identity;
}

export const authorityNames = (
  allRoles: readonly AuthorityRole[],
  accountIds: Readonly<Record<string, string>>,
  namings: ReadonlyMap<string, Naming>,
): AuthorityNames => {
  const speaks = (dialect: string): string =>
    namings.has(dialect) ? dialect : namings.has('aws') ? 'aws' : (namings.keys().next().value ?? dialect);

  const namingOf = (dialect: string): Naming => {
    const naming = namings.get(speaks(dialect));
    if (naming === undefined) throw new StsError('Misconfigured', 'The authority speaks no cloud of this function.');
    return naming;
  };

  const accountId = (dialect: string): string =>
    accountIds[dialect] ?? namingOf(dialect).identifier('account', 'credmint');

  const roles = rolesByName(allRoles, namings, accountId);

  const roleOf = (session: Session) =>
    // Stryker disable next-line ConditionalExpression: for the type alone; undefined names no role
    session.role === undefined ? undefined : roles.named(speaks(session.dialect), session.role);

  const named = (session: Session): NamedSession => {
    const account = accountId(session.dialect);
    return omitUndefined({
      accountId: account,
      kind: session.kind,
      roleName: session.role,
      roleId: roleOf(session)?.id,
      callerId: namingOf(session.dialect).identifier('user', `${account} ${session.caller}`),
      callerName: session.caller,
      sessionName: session.name,
    });
  };

  return {
    speaks,
    naming: namingOf,
    roles,
    session: named,
    rolePolicy: (session) => {
      const policies = roleOf(session)?.role.policies;
      if (policies === undefined || Object.keys(policies).length === 0) return undefined;
      // Asking in another system's words must not be a way around what is written.
      return policies[namingOf(session.dialect).grammar.name] ?? [];
    },
    identify: (caller, dialect) => {
      const naming = namingOf(dialect);
      if (caller.session !== undefined) return naming.session(named({ ...caller.session, dialect: speaks(dialect) }));
      const account = accountId(speaks(dialect));
      return naming.user(account, caller.name, naming.identifier('user', `${account} ${caller.name}`));
    },
  };
};
