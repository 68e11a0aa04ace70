import type { AuthenticateDeps } from '../auth/authenticate.ts';
import type { KeysById } from '../auth/keys/caller-keys.ts';
import type { Logins } from '../auth/keys/logins.ts';
import type { Authority } from '../authority/authority.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { Config } from '../config/load.ts';
import type { Dialect, Upstream } from '../core/cloud.ts';
import type { LeaseReader } from '../core/lease-reader.ts';
import type { Store } from '../core/store.ts';
import type { Rules } from '../grants/authorize.ts';
import type { Issuer } from '../issuer/issuer.ts';
import type { Answerer } from '../platform/answer.ts';

/** What one function consists of. A bundle holds what its function names here, and nothing else. */
export interface FunctionSpec {
  /** In the order in which they are asked; the first answers requests that none recognizes. */
  readonly dialects: readonly [Dialect, ...Dialect[]];
  readonly clouds: readonly Upstream[];
  /** Absent: the function has no built-in authority. */
  readonly authority?: AuthorityFactory;
  /** Absent: the function serves no leases. */
  readonly leases?: LeaseReaderFactory;
  /** Serves the public documents of our own issuer. Absent: the function serves none. */
  readonly documents?: (issuer: Issuer, now: () => Date, next: Answerer) => Answerer;
  /** Says in the audit record what was wrong with a signature. Absent: nothing does. */
  readonly diagnosis?: (spec: FunctionSpec, keys: KeysById) => NonNullable<BrokerDeps['diagnose']>;
}

/** Builds the reader of leases, and the check of the tokens that may read them. */
export type LeaseReaderFactory = (
  config: Config,
  store: Store,
  rules: Rules,
) => { readonly reader: LeaseReader; readonly readToken: NonNullable<AuthenticateDeps['readToken']> };

/** Builds the authority, and the logins that are sealed with its keys; undefined if the configuration has none. */
export type AuthorityFactory = (
  config: Config,
  keys: KeysById,
  store: Store,
) => { readonly authority: Authority; readonly logins: Logins } | undefined;
