import type { Identity, Subject } from './credentials.ts';
import type { PolicyGrammar } from './policy.ts';
import type { DurationRange, MintOperation } from './requests.ts';

/** A session or user of the authority, for which a cloud's names are made. */
export interface NamedSession {
  readonly accountId: string;
  readonly kind: 'role' | 'federated' | 'user';
  readonly roleName?: string;
  readonly roleId?: string;
  readonly callerId: string;
  readonly callerName: string;
  readonly sessionName: string;
}

/**
 * How a cloud names identities, and what its keys and policies look like. The authority answers with these names.
 *
 * @example
 * const naming: Naming = {
 *   grammar: iamGrammar,
 *   seconds: { AssumeRole: { min: 900, default: 3600, max: 43_200 } },
 *   roles: (accountId, name) => [`acme:${accountId}:role/${name}`],
 *   identifier: (kind, seed) => `${kind}-${hash('sha256', seed).slice(0, 12)}`,
 *   user: (accountId, name, id) => ({ accountId, userId: id, arn: `acme:${accountId}:user/${name}`, type: 'user' }),
 *   session: (session) => ({ accountId: session.accountId, userId: idOf(session), arn: arnOf(session) }),
 *   subject: (session) => ({ arn: arnOf(session), id: idOf(session) }),
 *   accessKeyId: (random) => `ACME${Buffer.from(random).toString('hex')}`,
 * };
 */
export interface Naming {
  /** The grammar of its policies: the same as the cloud's own. */
  readonly grammar: PolicyGrammar;
  /** How long the authority lets a session of each operation last when it is asked in this dialect, in seconds. */
  readonly seconds: { readonly [Op in MintOperation]?: DurationRange };
  /** Every text by which callers of this cloud name a role; the first is the usual one. */
  roles(accountId: string, name: string, id: string): readonly string[];
  /** An identifier in the cloud's form, the same for the same seed. */
  identifier(kind: 'account' | 'role' | 'user', seed: string): string;
  /** Who a long-term key is. */
  user(accountId: string, name: string, id: string): Identity;
  /** Who temporary credentials are, as GetCallerIdentity says it. */
  session(session: NamedSession): Identity;
  /** Who temporary credentials are, as the reply that issues them says it. */
  subject(session: NamedSession): Subject;
  /** A temporary access key id from 20 random bytes. */
  accessKeyId(random: Uint8Array): string;
}
