import type { BrokerDeps } from '../broker/deps.ts';
import type { Config } from '../config/load.ts';
import { carried } from '../core/carried.ts';
import type { Moment, Upstream } from '../core/cloud.ts';
import { runtimeKey } from '../identity/runtime-key.ts';
import { cloudSource } from '../mint/cloud-source.ts';
import { reloadKeys } from '../mint/key-reload.ts';
import { accountLogins } from '../mint/logins.ts';
import { createMint, type Mint } from '../mint/mint.ts';
import { maxAnswerMs } from '../platform/answer.ts';
import { clockOf } from './clock.ts';
import { ownTokens } from './compose-issuer.ts';
import type { AppDeps } from './deps.ts';
import { ceilingOf } from './rules.ts';

/** How long a login at a cloud may take: as long as the call that needs it. */
const maxLoginMs = 4_000;

/** A mint that several callers wait for ends this long before the first of them gives up, so that all hear why. */
const reportingMs = 500;

/** What is our own, of the configuration that is served: a mint may be kept for longer than they are. */
export type Own = Pick<BrokerDeps, 'authority' | 'issuer'>;

/** The mint of a configuration: its accounts at their clouds, and the authority for those that are of it. */
export const composeMint = (config: Config, upstreams: readonly Upstream[], own: () => Own, deps: AppDeps): Mint => {
  const { store, transport, now } = deps;
  const clouds = new Map(upstreams.map((cloud) => [cloud.id, cloud]));
  const clock = clockOf(deps);
  const accounts = new Map(config.accounts);
  const shareable = new Set(config.grants.filter((grant) => grant.shareable).map((grant) => grant.name));
  const source = cloudSource({
    accounts,
    providerOf: (account) => clouds.get(account.cloud)?.providerOf(account),
    transport,
    logins: accountLogins(transport, () => ({ signal: AbortSignal.timeout(maxLoginMs) })),
    runtimeKeys: new Map(
      [...config.runtimeIdentities].map(([name, identity]) => [name, runtimeKey(identity, { transport, now })]),
    ),
    ownToken: ownTokens(() => own().issuer),
    moment: (): Moment => ({ now: now(), nonce: deps.nonce() }),
  });
  return createMint({
    accounts,
    clouds: reloadKeys(source, { accounts, keyReaders: config.keyReaders, monotonicMs: clock.monotonicMs }),
    issue: (request, at) => carried(own().authority, 'the authority').issue(request, at),
    ceiling: ceilingOf(config, clouds),
    store,
    shared: deps.shared ?? false,
    cache: {
      maxEntries: config.cache.entries,
      shareable: (grant) => shareable.has(grant),
      deadline: () => ({ signal: AbortSignal.timeout(maxAnswerMs - reportingMs) }),
    },
    clock,
  });
};
