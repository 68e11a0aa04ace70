import { authenticator } from '../access/authenticate.ts';
import { byJwt } from '../access/callers/jwt.ts';
import { type KeyBook, keyBook } from '../access/callers/keys.ts';
import type { Logins } from '../access/callers/login.ts';
import { byPassword } from '../access/callers/password.ts';
import { bySignature } from '../access/callers/signature.ts';
import type { Authority } from '../authority/authority.ts';
import type { Rooms } from '../broker.ts';
import type { Config } from '../config/config.ts';
import { loginBook } from '../mint/logins.ts';
import { createMint } from '../mint/mint.ts';
import type { AuditLog } from '../sts/audit.ts';
import type { Dialect, Moment, Upstream } from '../sts/cloud.ts';
import { StsError } from '../sts/errors.ts';
import { present } from '../sts/present.ts';
import type { Store } from '../sts/store.ts';
import type { Transport } from '../sts/transport.ts';
import { rulesOf } from './rules.ts';

/** What a function carries: it names its clouds, and nothing else comes along. */
export interface Door {
  /** In the order of asking; the first answers what is nobody's. */
  readonly dialects: readonly [Dialect, ...Dialect[]];
  readonly clouds: readonly Upstream[];
  /** The built-in authority, where the function carries it. */
  readonly authority?: Foundation;
}

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
  readonly audit: AuditLog;
  readonly now: () => Date;
  /** A positive integer below 2^53. */
  readonly nonce: () => number;
}

/** Builds the rooms of one function from its configuration. */
export const furnish = (door: Door, config: Config, ground: Ground): Rooms => {
  const { store, transport, now } = ground;
  const clouds = new Map(door.clouds.map((cloud) => [cloud.id, cloud]));
  const keys = keyBook(config.keys);
  const { authority, logins } = door.authority?.(config, keys, store) ?? {};
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
    jwt: byJwt(config.jwtRules),
    ...present({ logins }),
  });

  const rules = rulesOf(config, door.clouds, authority);

  const mint = createMint({
    accounts: config.accounts,
    providers: new Map(door.clouds.map((cloud) => [cloud.id, cloud.provider])),
    issue: (request, at) => {
      if (authority === undefined) throw new StsError('Misconfigured', 'This function does not carry the authority.');
      return authority.issue(request, at);
    },
    transport,
    logins: loginBook(transport),
    moment,
  });

  return {
    dialects: door.dialects,
    authenticate,
    rules,
    mint,
    audit: ground.audit,
    clouds,
    publicHosts: config.publicHosts,
    explain: config.explain,
    now,
    ...present({ authority, logins }),
  };
};
