import { authenticator, type Ways } from '../access/authenticate.ts';
import { byJwt } from '../access/callers/jwt.ts';
import { type KeyBook, keyBook } from '../access/callers/keys.ts';
import type { Logins } from '../access/callers/login.ts';
import { byPassword } from '../access/callers/password.ts';
import { bySignature } from '../access/callers/signature.ts';
import { byVouched } from '../access/callers/vouched.ts';
import { admission } from '../access/rate.ts';
import type { Authority } from '../authority/authority.ts';
import type { Config } from '../config/config.ts';
import type { Rooms } from '../journey/rooms.ts';
import { loginBook } from '../mint/logins.ts';
import { createMint } from '../mint/mint.ts';
import { renewedKeys } from '../mint/renewed-keys.ts';
import { cloudSource } from '../mint/source.ts';
import type { AuditLog } from '../sts/audit.ts';
import type { Clock } from '../sts/clock.ts';
import type { Dialect, Moment, Upstream } from '../sts/cloud.ts';
import { StsError } from '../sts/errors.ts';
import type { LeaseDesk } from '../sts/lease.ts';
import { present } from '../sts/present.ts';
import type { Store } from '../sts/store.ts';
import type { Documents, Transport } from '../sts/transport.ts';
import { nodeDocuments } from '../transport/documents.ts';
import { longestAnswer } from './answer.ts';
import { ceilingOf, rulesOf } from './rules.ts';
import { sleep } from './sleep.ts';

/** What a function carries: it names its clouds, and nothing else comes along. */
export interface Door {
  /** In the order of asking; the first answers what is nobody's. */
  readonly dialects: readonly [Dialect, ...Dialect[]];
  readonly clouds: readonly Upstream[];
  /** The built-in authority, where the function carries it. */
  readonly authority?: Foundation;
  /** The place where leases are read, where the function carries it. */
  readonly leases?: LeaseCounter;
  /** Says in the audit record what was wrong with a signature, where the function carries it. */
  readonly doctor?: (door: Door, keys: KeyBook) => NonNullable<Rooms['diagnose']>;
}

/** Where leases are read, and by what their readers are known. */
export type LeaseCounter = (
  config: Config,
  store: Store,
) => { readonly desk: LeaseDesk; readonly readToken: NonNullable<Ways['readToken']> };

/** Builds the authority, and the logins that are sealed with its keys, where the configuration asks for one. */
export type Foundation = (
  config: Config,
  keys: KeyBook,
  store: Store,
) => { readonly authority: Authority; readonly logins: Logins } | undefined;

/** What a house stands on; tests hand in their own. */
export interface Ground {
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
export const furnish = (door: Door, config: Config, ground: Ground): Rooms => {
  const { store, transport, now } = ground;
  const clouds = new Map(door.clouds.map((cloud) => [cloud.id, cloud]));
  const keys = keyBook(config.keys);
  const { authority, logins } = door.authority?.(config, keys, store) ?? {};
  const { desk, readToken } = door.leases?.(config, store) ?? {};
  const moment = (): Moment => ({ now: now(), nonce: ground.nonce() });

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
    jwt: byJwt(config.jwtRules, { documents: ground.documents ?? nodeDocuments(), store }),
    vouched: byVouched(config.vouched),
    ...present({ logins, readToken }),
  });

  const rules = rulesOf(config, door.clouds, authority);

  const shareable = new Set(config.grants.filter((grant) => grant.shareable).map((grant) => grant.name));

  const accounts = new Map(config.accounts);
  const mint = createMint({
    accounts,
    clouds: renewedKeys(
      cloudSource({
        accounts,
        providers: new Map(door.clouds.map((cloud) => [cloud.id, cloud.provider])),
        transport,
        logins: loginBook(transport, () => ({ signal: AbortSignal.timeout(longestLogin) })),
        moment,
      }),
      { accounts, keysElsewhere: config.keysElsewhere, now },
    ),
    issue: (request, at) => {
      if (authority === undefined) throw new StsError('Misconfigured', 'This function does not carry the authority.');
      return authority.issue(request, at);
    },
    ceiling: ceilingOf(config, clouds),
    store,
    shared: ground.shared ?? false,
    cache: {
      mostEntries: config.cache.entries,
      shareable: (grant) => shareable.has(grant),
      patience: () => ({ signal: AbortSignal.timeout(longestAnswer - timeToSay) }),
    },
    clock: { now, sleep: ground.sleep ?? sleep, chance: ground.chance ?? Math.random },
  });

  return {
    dialects: door.dialects,
    authenticate,
    admit: admission(config.rates),
    rules,
    mint,
    audit: ground.audit,
    clouds,
    publicHosts: config.publicHosts,
    explain: config.explain,
    now,
    ...present({ authority, logins, leases: desk, diagnose: door.doctor?.(door, keys) }),
  };
};
