import { hash, randomBytes } from 'node:crypto';
import { createLRU } from 'lru.min';
import type { Caller, Session } from '../core/caller.ts';
import type { Credentials, Identity } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import type { NamedSession, Naming } from '../core/naming.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, MintRequest } from '../core/requests.ts';
import type { Secret } from '../core/secret.ts';
import type { Keyring } from '../stores/seal/keyring.ts';
import { readSessionPolicy, sessionMay } from './narrowing.ts';
import { type AuthorityRole, rolesByName } from './roles.ts';
import { closeSession, openSession } from './session-token.ts';

/** What the authority is made of. */
export interface AuthoritySettings {
  readonly ring: Keyring;
  readonly roles: readonly AuthorityRole[];
  /** The account that the authority is, by dialect. */
  readonly accountIds: Readonly<Record<string, string>>;
}

/** The built-in STS. It needs no database: what it issues carries itself. */
export interface Authority {
  /** Credentials of its own, or an StsError. */
  issue(request: MintRequest, now: Date): Credentials;
  /** The session of a temporary triad and the secret to verify with; an StsError where there is none. */
  open(accessKeyId: string, token: Secret, now: Date): { readonly session: Session; readonly secret: Secret };
  /** Whether the policies of a session let it ask a cloud for something: for a role, or for whatever there is. */
  lets(session: Session, operation: MintOperation, name: string): boolean;
  /** Who a caller is, in the words of a dialect. */
  identify(caller: Caller, dialect: string): Identity;
  /** How long it lets a session be, in the words of a dialect. */
  seconds(dialect: string): Naming['seconds'];
}

interface Narrowings {
  readonly grantPolicy?: string;
  readonly policy?: string;
  readonly policyArns?: readonly string[];
}

const mostOpenSessions = 10_000;
/** A token travels in a header, or in a query of at most 8 KiB, beside other things. */
const longestToken = 6 * 1024;
/** The longest that a role's session can give to the next in a chain: IAM, "role chaining". */
const longestChained = 3600;

export const createAuthority = (settings: AuthoritySettings, namings: ReadonlyMap<string, Naming>): Authority => {
  const { ring } = settings;
  const accountId = (dialect: string): string =>
    settings.accountIds[dialect] ?? namingOf(dialect).identifier('account', 'credmint');
  const opened = createLRU<string, { session: Session; secret: Secret }>({ max: mostOpenSessions });

  /** The JSON API has no names of its own for identities; it borrows those of AWS, or of whatever is there. */
  const speaks = (dialect: string): string =>
    namings.has(dialect) ? dialect : namings.has('aws') ? 'aws' : (namings.keys().next().value ?? dialect);

  const namingOf = (dialect: string): Naming => {
    const naming = namings.get(speaks(dialect));
    if (naming === undefined) throw new StsError('Misconfigured', 'The authority speaks no cloud of this function.');
    return naming;
  };

  const book = rolesByName(settings.roles, namings, accountId);

  const named = (session: Session): NamedSession => {
    const naming = namingOf(session.dialect);
    const account = accountId(session.dialect);
    return omitUndefined({
      accountId: account,
      kind: session.kind,
      roleName: session.role,
      roleId: session.role === undefined ? undefined : book.named(speaks(session.dialect), session.role)?.id,
      callerId: naming.identifier('user', `${account} ${session.caller}`),
      callerName: session.caller,
      sessionName: session.name,
    });
  };

  const rolePolicy = (session: Session) => {
    const policies =
      session.role === undefined ? undefined : book.named(speaks(session.dialect), session.role)?.role.policies;
    if (policies === undefined || Object.keys(policies).length === 0) return undefined;
    // To ask in other words must not be a way around what is written.
    return policies[namingOf(session.dialect).grammar.name] ?? [];
  };

  const sealUp = (session: Omit<Session, 'accessKeyId'>): Credentials => {
    const naming = namingOf(session.dialect);
    const whole: Session = { ...session, accessKeyId: naming.accessKeyId(randomBytes(20)) };
    const { token, secret } = closeSession(ring, whole);
    if (token.reveal().length > longestToken) {
      throw new StsError('PolicyTooLarge', 'The session policy and tags are too large together.', {
        parameter: 'Policy',
      });
    }
    const policyBytes = session.policies.reduce((sum, text) => sum + text.length, 0);
    return omitUndefined({
      accessKeyId: whole.accessKeyId,
      secretAccessKey: secret,
      sessionToken: token,
      expiration: whole.expiration,
      subject: session.kind === 'user' ? undefined : naming.subject(named(whole)),
      packedPolicySize: policyBytes === 0 ? undefined : Math.ceil((policyBytes / 2048) * 100),
      sourceIdentity: session.sourceIdentity,
    });
  };

  const lifetime = (request: MintRequest, now: Date, longest: number): Pick<Session, 'issuedAt' | 'expiration'> => {
    if (request.durationSeconds > longest && request.durationIsOpen === undefined) {
      throw new StsError(
        'InvalidDuration',
        `The requested DurationSeconds exceeds the ${longest} seconds set for this session.`,
        { parameter: 'DurationSeconds' },
      );
    }
    const at = Math.floor(now.getTime() / 1000) * 1000;
    return { issuedAt: new Date(at), expiration: new Date(at + Math.min(request.durationSeconds, longest) * 1000) };
  };

  /** The grant's policy and the caller's: both, since each can only narrow. */
  const ownPolicies = (dialect: string, request: Narrowings): readonly string[] => {
    if (request.policyArns !== undefined) {
      // Dropping one would widen the session, and the authority keeps no managed policies to apply.
      throw new StsError('InvalidParameter', 'This authority has no managed policies.', { parameter: 'PolicyArns' });
    }
    const texts = [request.grantPolicy ?? [], request.policy ?? []].flat();
    for (const text of texts) readSessionPolicy(namingOf(dialect).grammar, text);
    return texts;
  };

  const withoutSecondFactor = (request: { readonly serialNumber?: string; readonly tokenCode?: Secret }): void => {
    if (request.serialNumber === undefined && request.tokenCode === undefined) return;
    throw new StsError('AccessDenied', 'MultiFactorAuthentication failed: no such device is known here.');
  };

  const permanentOnly = (caller: Caller): void => {
    if (caller.proof !== 'session') return;
    throw new StsError('AccessDenied', 'This operation takes a long-term key, not temporary credentials.');
  };

  const assumeRole = (request: MintRequest<'AssumeRole' | 'AssumeRoleWithWebIdentity'>, now: Date): Credentials => {
    const { caller } = request;
    const known = book.find(speaks(request.dialect), request.role);
    if (known === undefined) throw new StsError('RoleNotFound', 'The role does not exist.');
    const { role, dialect } = known;
    const chained = caller.session;
    const names =
      chained === undefined ? [caller.name] : chained.role === undefined ? [chained.caller] : [`role:${chained.role}`];
    if (chained?.kind === 'federated' || !role.trust.some((trusted) => trusted === '*' || names.includes(trusted))) {
      throw new StsError('AccessDenied', 'The caller is not authorized to assume this role.');
    }
    if (chained !== undefined) {
      // What denies the role by one of its names denies it by all of them, and in the words of every system.
      const names = [...known.texts, ...(book.named(speaks(chained.dialect), role.name)?.texts ?? [])] as const;
      if (!sessionMay(chained, namingOf(chained.dialect).grammar, rolePolicy(chained), 'sts:AssumeRole', names)) {
        throw new StsError('AccessDenied', 'The policy of this session does not allow to assume this role.');
      }
    }
    if (request.operation === 'AssumeRole') withoutSecondFactor(request);
    // An identity token brings no external id, so it opens no role that asks for one.
    const externalId = request.operation === 'AssumeRole' ? request.externalId : undefined;
    if (role.externalId !== undefined && role.externalId !== externalId) {
      throw new StsError('AccessDenied', 'The caller is not authorized to assume this role.');
    }
    const longest =
      chained?.kind === 'role'
        ? Math.min(longestChained, role.maxSessionDurationSeconds)
        : role.maxSessionDurationSeconds;
    return sealUp({
      kind: 'role',
      caller: chained?.caller ?? caller.name,
      dialect,
      role: role.name,
      name: request.sessionName,
      policies: ownPolicies(dialect, request),
      ...lifetime(request, now, longest),
      ...omitUndefined({
        tags: request.tags && Object.fromEntries(request.tags.map(({ key, value }) => [key, value])),
        sourceIdentity:
          chained?.sourceIdentity ?? (request.operation === 'AssumeRole' ? request.sourceIdentity : undefined),
      }),
    });
  };

  const federate = (request: MintRequest<'GetFederationToken'>, now: Date): Credentials => {
    permanentOnly(request.caller);
    const dialect = speaks(request.dialect);
    return sealUp({
      kind: 'federated',
      caller: request.caller.name,
      dialect,
      name: request.name,
      policies: ownPolicies(dialect, request),
      ...lifetime(request, now, namingOf(dialect).seconds.GetFederationToken?.max ?? longestChained),
      ...omitUndefined({
        tags: request.tags && Object.fromEntries(request.tags.map(({ key, value }) => [key, value])),
      }),
    });
  };

  const ownSession = (request: MintRequest<'GetSessionToken'>, now: Date): Credentials => {
    permanentOnly(request.caller);
    withoutSecondFactor(request);
    const dialect = speaks(request.dialect);
    return sealUp({
      kind: 'user',
      caller: request.caller.name,
      dialect,
      name: request.caller.name,
      policies: [],
      ...lifetime(request, now, namingOf(dialect).seconds.GetSessionToken?.max ?? longestChained),
    });
  };

  return {
    issue: (request, now) => {
      if (request.operation === 'GetFederationToken') return federate(request, now);
      if (request.operation === 'GetSessionToken') return ownSession(request, now);
      return assumeRole(request, now);
    },

    open: (accessKeyId, token, now) => {
      const cacheKey = hash('sha256', `${accessKeyId} ${token.reveal()}`, 'base64url');
      let entry = opened.get(cacheKey);
      if (entry === undefined) {
        entry = openSession(ring, accessKeyId, token);
        if (entry === undefined) throw new StsError('InvalidToken');
        opened.set(cacheKey, entry);
      }
      const { session } = entry;
      if (session.expiration.getTime() <= now.getTime()) throw new StsError('TokenExpired');
      if (session.role !== undefined && book.named(speaks(session.dialect), session.role) === undefined) {
        throw new StsError('InvalidToken', 'The role of this session no longer exists.');
      }
      return entry;
    },

    lets: (session, operation, name) =>
      sessionMay(session, namingOf(session.dialect).grammar, rolePolicy(session), `sts:${operation}`, [name]),

    identify: (caller, dialect) => {
      const naming = namingOf(dialect);
      if (caller.session !== undefined) return naming.session(named({ ...caller.session, dialect: speaks(dialect) }));
      const account = accountId(speaks(dialect));
      return naming.user(account, caller.name, naming.identifier('user', `${account} ${caller.name}`));
    },

    seconds: (dialect) => namingOf(dialect).seconds,
  };
};
