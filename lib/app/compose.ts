import { type AuthenticateDeps, authenticator } from '../auth/authenticate.ts';
import { byPlatform } from '../auth/gateway/by-platform.ts';
import { byJwt } from '../auth/jwt/by-jwt.ts';
import { byPassword } from '../auth/keys/by-password.ts';
import { bySignature } from '../auth/keys/by-signature.ts';
import { type KeysById, keysById } from '../auth/keys/caller-keys.ts';
import type { Logins } from '../auth/keys/logins.ts';
import { rateLimiter } from '../auth/rate-limit.ts';
import type { Authority } from '../authority/authority.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { Config } from '../config/load.ts';
import type { AuditLog } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Dialect, Moment, Upstream } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import type { LeaseReader } from '../core/lease-reader.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Store } from '../core/store.ts';
import type { Documents, Transport } from '../core/transport.ts';
import type { Rules } from '../grants/authorize.ts';
import { cloudSource } from '../mint/cloud-source.ts';
import { reloadKeys } from '../mint/key-reload.ts';
import { accountLogins } from '../mint/logins.ts';
import { createMint } from '../mint/mint.ts';
import { maxAnswerMs } from '../platform/answer.ts';
import { nodeDocuments } from '../transport/public-documents.ts';
import { ceilingOf, rulesOf } from './rules.ts';
import { sleep } from './sleep.ts';

/** What a function carries: it names its clouds, and nothing else comes along. */
export interface FunctionSpec {
  /** In the order of asking; the first answers what is nobody's. */
  readonly dialects: readonly [Dialect, ...Dialect[]];
  readonly clouds: readonly Upstream[];
  /** The built-in authority, where the function carries it. */
  readonly authority?: AuthorityFactory;
  /** The place where leases are read, where the function carries it. */
  readonly leases?: LeaseReaderFactory;
  /** Says in the audit record what was wrong with a signature, where the function carries it. */
  readonly doctor?: (spec: FunctionSpec, keys: KeysById) => NonNullable<BrokerDeps['diagnose']>;
}

/** Where leases are read, and by what their readers are known. */
export type LeaseReaderFactory = (
  config: Config,
  store: Store,
  rules: Rules,
) => { readonly reader: LeaseReader; readonly readToken: NonNullable<AuthenticateDeps['readToken']> };

/** Builds the authority, and the logins that are sealed with its keys, where the configuration asks for one. */
export type AuthorityFactory = (
  config: Config,
  keys: KeysById,
  store: Store,
) => { readonly authority: Authority; readonly logins: Logins } | undefined;

/** What a house stands on; tests hand in their own. */
export interface AppDeps {
  readonly store: Store;
  readonly transport: Transport;
  /** Where issuers' documents are fetched; absent is the network. */
  readonly documents?: Documents;
  readonly audit: AuditLog;
  readonly now: () => Date;
  /** A positive integer below 2^53. */
  readonly nonce: () => number;
  /** Whether other instances have the same store; absent is no. */
  readonly shared?: boolean;
  /** Waiting and chance; absent are the real ones. */
  readonly sleep?: Clock['sleep'];
  readonly chance?: Clock['chance'];
}

/** How long a login may take, in milliseconds: as long as a call that needs it. */
const longestLogin = 4_000;

/** What many wait for ends so much before each gives up, in milliseconds, so that they hear why it failed. */
const timeToSay = 500;

/** Builds the rooms of one function from its configuration. */
export const compose = (spec: FunctionSpec, config: Config, appDeps: AppDeps): BrokerDeps => {
  const { store, transport, now } = appDeps;
  const clouds = new Map(spec.clouds.map((cloud) => [cloud.id, cloud]));
  const keys = keysById(config.keys);
  const { authority, logins } = spec.authority?.(config, keys, store) ?? {};
  const rules = rulesOf(config, spec.clouds, authority);
  const { reader, readToken } = spec.leases?.(config, store, rules) ?? {};
  const moment = (): Moment => ({ now: now(), nonce: appDeps.nonce() });

  const authenticate = authenticator({
    signature: bySignature(
      keys,
      (accessKeyId, token, at) => {
        if (authority === undefined) throw new StsError('InvalidToken');
        return authority.open(accessKeyId, token, at);
      },
      store,
    ),
    password: byPassword(keys),
    jwt: byJwt(config.jwtRules, { documents: appDeps.documents ?? nodeDocuments(), store }),
    platform: byPlatform(config.platform),
    ...omitUndefined({ logins, readToken }),
  });

  const shareable = new Set(config.grants.filter((grant) => grant.shareable).map((grant) => grant.name));

  const accounts = new Map(config.accounts);
  const mint = createMint({
    accounts,
    clouds: reloadKeys(
      cloudSource({
        accounts,
        providers: new Map(spec.clouds.map((cloud) => [cloud.id, cloud.provider])),
        transport,
        logins: accountLogins(transport, () => ({ signal: AbortSignal.timeout(longestLogin) })),
        moment,
      }),
      { accounts, keyReaders: config.remoteKeys, now },
    ),
    issue: (request, at) => {
      if (authority === undefined) throw new StsError('Misconfigured', 'This function does not carry the authority.');
      return authority.issue(request, at);
    },
    ceiling: ceilingOf(config, clouds),
    store,
    shared: appDeps.shared ?? false,
    cache: {
      maxEntries: config.cache.entries,
      shareable: (grant) => shareable.has(grant),
      deadline: () => ({ signal: AbortSignal.timeout(maxAnswerMs - timeToSay) }),
    },
    clock: { now, sleep: appDeps.sleep ?? sleep, chance: appDeps.chance ?? Math.random },
  });

  return {
    dialects: spec.dialects,
    authenticate,
    admit: rateLimiter(config.rates),
    rules,
    mint,
    audit: appDeps.audit,
    clouds,
    publicHosts: config.publicHosts,
    explain: config.explain,
    now,
    ...omitUndefined({ authority, logins, leases: reader, diagnose: spec.doctor?.(spec, keys) }),
  };
};
