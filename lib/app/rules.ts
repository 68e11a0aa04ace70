import type { Authority } from '../authority/authority.ts';
import type { Config } from '../config/load.ts';
import { carried } from '../core/carried.ts';
import type { Upstream } from '../core/cloud.ts';
import type { Rules } from '../grants/authorize.ts';
import { findGrants } from '../grants/find-grants.ts';
import type { Ceiling } from '../mint/quota.ts';

/** What authorization decides by: the configuration's grants, and what each account's cloud can do. */
export const rulesOf = (config: Config, upstreams: readonly Upstream[], authority: Authority | undefined): Rules => {
  const clouds = new Map(upstreams.map((cloud) => [cloud.id, cloud]));
  return {
    grants: findGrants(config.grants),
    accounts: config.accounts,
    range: (account, operation, dialect) => {
      if (account.cloud === 'authority') return carried(authority, 'the authority').seconds(dialect)[operation];
      return carried(clouds.get(account.cloud), account.cloud).calledFor(account, operation)?.seconds;
    },
    sessionMay: (session, act) => authority?.lets(session, act) ?? false,
    // The authority checks policies itself, in the grammar of the dialect that it is asked in.
    checkPolicy: (account, policy) => clouds.get(account.cloud)?.checkPolicy(policy),
  };
};

/** How many calls a second each account may make: as configured, or else as its cloud publishes it. */
export const ceilingOf =
  (config: Config, clouds: ReadonlyMap<string, Upstream>): Ceiling =>
  (name, operation) => {
    const account = config.accounts.get(name);
    if (account?.requestsPerSecond !== undefined) return account.requestsPerSecond;
    return account && clouds.get(account.cloud)?.calledFor(account, operation)?.callsPerSecond;
  };
