import { authenticator } from '../access/authenticate.ts';
import { byJwt } from '../access/callers/jwt.ts';
import { keyBook } from '../access/callers/keys.ts';
import { logins } from '../access/callers/login.ts';
import { byPassword } from '../access/callers/password.ts';
import { bySignature } from '../access/callers/signature.ts';
import type { Rules } from '../access/grants/authorize.ts';
import { grantBook } from '../access/grants/grant.ts';
import { createAuthority } from '../authority/authority.ts';
import type { Rooms } from '../broker.ts';
import type { Config } from '../config/config.ts';
import { loginBook } from '../mint/logins.ts';
import { createMint } from '../mint/mint.ts';
import { grammars } from '../policies/grammars.ts';
import type { AuditLog } from '../sts/audit.ts';
import type { Cloud, Dialect, Moment } from '../sts/cloud.ts';
import { StsError } from '../sts/errors.ts';
import { present } from '../sts/present.ts';
import type { Store } from '../sts/store.ts';
import type { Transport } from '../sts/transport.ts';

/** What a function carries: it names its clouds, and nothing else comes along. */
export interface Door {
  /** In the order of asking; the first answers what is nobody's. */
  readonly dialects: readonly [Dialect, ...Dialect[]];
  readonly clouds: readonly Cloud[];
}

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
  const namings = new Map(door.clouds.map((cloud) => [cloud.id, cloud.naming]));
  const authority = config.authority && createAuthority(config.authority, namings);
  const keys = keyBook(config.keys);
  const moment = (): Moment => ({ now: now(), nonce: ground.nonce() });
  const book = config.authority && logins(config.authority.ring, keys, store);

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
    ...present({ logins: book }),
  });

  const rules: Rules = {
    grants: grantBook(config.grants),
    accounts: config.accounts,
    range: (account, operation, dialect) =>
      account.cloud === 'authority'
        ? authority?.seconds(dialect)[operation]
        : clouds.get(account.cloud)?.provider.operations[operation]?.seconds,
    checkPolicy: (account, policy, dialect) => {
      const naming = namings.get(account.cloud) ?? namings.get(dialect) ?? namings.get('aws');
      if (naming === undefined) throw new StsError('Misconfigured', `This function does not carry ${account.cloud}.`);
      const reading = grammars[naming.grammar](policy);
      if ('fault' in reading) throw new StsError('InvalidPolicy', `The policy of the grant: ${reading.why}`);
      if (policy.length > (naming.mostPolicyCharacters ?? Number.POSITIVE_INFINITY)) {
        throw new StsError('PolicyTooLarge', 'The policy of the grant, filled in, is too large for the cloud.');
      }
    },
  };

  const mint = createMint({
    accounts: config.accounts,
    providers: new Map(door.clouds.map((cloud) => [cloud.id, cloud.provider])),
    issue: (request, at) => {
      if (authority === undefined) throw new StsError('Misconfigured');
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
    now,
    ...present({ authority, logins: book }),
  };
};
