import { keysById } from '../auth/keys/caller-keys.ts';
import { type RateBuckets, rateBuckets, rateLimiter } from '../auth/rate-limit.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { Config } from '../config/load.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Mint } from '../mint/mint.ts';
import { composeAuthentication } from './compose-authentication.ts';
import { composeIssuer } from './compose-issuer.ts';
import { composeMint, type Own } from './compose-mint.ts';
import type { AppDeps } from './deps.ts';
import type { FunctionSpec } from './function-spec.ts';
import { rulesOf } from './rules.ts';

/**
 * Composes everything that the broker of one function uses, from its configuration. Opens nothing: the store and the
 * audit log are handed in, and so may be the mint of an earlier reading of the configuration. `own` says which authority
 * and issuer a mint uses that outlives this reading; absent: those of this one.
 *
 * @example
 * const broker = createBroker(compose(spec, loadConfig(path, process.env), { ...processDeps(), store, audit }));
 */
export const compose = (
  spec: FunctionSpec,
  config: Config,
  deps: AppDeps & { readonly mint?: Mint; readonly own?: () => Own },
): BrokerDeps => {
  const { store, audit, now } = deps;
  const keys = keysById(config.keys);
  const { authority, logins } = spec.authority?.(config, keys, store) ?? {};
  const issuer = composeIssuer(config, deps);
  const rules = rulesOf(config, spec.clouds, authority);
  const own = deps.own ?? (() => omitUndefined<Own>({ authority, issuer }));
  const { reader, readToken } = spec.leases?.(config, store, rules) ?? {};
  return {
    dialects: spec.dialects,
    authenticate: composeAuthentication(config, { keys, authority, logins, readToken }, deps),
    admit: rateLimiter(config.rates, bucketsOf(deps)),
    rules,
    mint: deps.mint ?? composeMint(config, spec.clouds, own, deps),
    audit,
    clouds: new Map(spec.clouds.map((cloud) => [cloud.id, cloud])),
    publicHosts: config.publicHosts,
    requireSignedHost: config.requireSignedHost,
    explain: config.explain,
    now,
    ...omitUndefined({ authority, issuer, logins, leases: reader, diagnose: spec.diagnosis?.(spec, keys) }),
  };
};

const bucketsOf = ({ outlasting = {} }: AppDeps): RateBuckets => {
  outlasting.rateBuckets ??= rateBuckets();
  return outlasting.rateBuckets;
};
