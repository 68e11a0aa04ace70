import type { Caller } from '../core/caller.ts';
import type { Credentials, Identity } from '../core/credentials.ts';
import type { Naming } from '../core/naming.ts';
import type { MintRequest } from '../core/requests.ts';
import type { SessionMay } from '../core/session-act.ts';
import type { Keyring } from '../stores/seal/keyring.ts';
import { assumeRole } from './assume-role.ts';
import { federate, getSessionToken } from './federate.ts';
import type { AuthorityDeps } from './issue-session.ts';
import { authorityNames } from './names.ts';
import { sessionMay } from './narrowing.ts';
import { type SessionOpener, sessionOpener } from './open-session.ts';
import type { AuthorityRole } from './roles.ts';

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
  /** The session of a temporary triad and the secret to verify with; an StsError if there is none. */
  readonly open: SessionOpener;
  /** Whether the policies of a session, and of its role, let it do something. */
  readonly lets: SessionMay;
  /** Who a caller is, in the words of a dialect. */
  identify(caller: Caller, dialect: string): Identity;
  /** How long it lets a session live in seconds, by the limits of a dialect. */
  seconds(dialect: string): Naming['seconds'];
}

/**
 * The built-in STS, which knows identities by the namings of these clouds.
 *
 * @example
 * ```ts
 * const authority = createAuthority(settings, new Map([['aws', awsNaming]]));
 * const credentials = authority.issue(mintRequest, new Date());
 * const { session, secret } = authority.open(credentials.accessKeyId, credentials.sessionToken, new Date());
 * ```
 */
export const createAuthority = (settings: AuthoritySettings, namings: ReadonlyMap<string, Naming>): Authority => {
  const names = authorityNames(settings.roles, settings.accountIds, namings);
  const deps: AuthorityDeps = { ring: settings.ring, names };
  return {
    issue: (request, now) => {
      if (request.operation === 'GetFederationToken') return federate(deps, request, now);
      if (request.operation === 'GetSessionToken') return getSessionToken(deps, request, now);
      return assumeRole(deps, request, now);
    },
    open: sessionOpener(deps),
    lets: (session, act) => sessionMay(names, session, act),
    identify: names.identify,
    seconds: (dialect) => names.naming(dialect).seconds,
  };
};
