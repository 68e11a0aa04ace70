import * as v from 'valibot';
import type { PlatformRules } from '../../auth/gateway/rules.ts';
import type { JwtRule } from '../../auth/jwt/rule.ts';
import type { CallerKey } from '../../auth/keys/caller-keys.ts';
import type { RateLimit } from '../../auth/rate-limit.ts';
import { reservedCallers } from '../../core/caller.ts';
import { carried } from '../../core/carried.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { ConfigContext } from '../context.ts';
import { ringOf } from '../ring.ts';
import { described, integer, name, ringSecrets } from '../values.ts';
import { callerKeys, callerKeysOf } from './callers/access-key.ts';
import { jwt, jwtRuleOf } from './callers/jwt.ts';
import {
  authorizer,
  authorizerRuleOf,
  certificate,
  certificateRuleOf,
  type proxies,
  proxiesOf,
} from './callers/platform.ts';

const caller = v.strictObject({
  accessKey: described('Long-term keys that the caller signs with or shows.', v.optional(callerKeys)),
  jwt: described('Tokens of an issuer that the caller shows.', v.optional(jwt)),
  certificate: described('Client certificates that the caller shows.', v.optional(certificate)),
  authorizer: described("What a gateway's authorizer says of the caller.", v.optional(authorizer)),
  requestsPerSecond: described(
    'How many requests a second each subject of the caller may send to one instance; absent is any number.',
    v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(100_000))),
  ),
  burst: described(
    'How many requests the caller may send at once; absent is what it may send in a second.',
    v.optional(integer(1, 1_000_000)),
  ),
});

/** Who may ask, by name: every way in which a caller can be proven. It is proven by any one of them. */
export const callers = v.record(name, caller);

/** What `sealed:` secrets of callers are opened with. */
export const seal = v.strictObject({
  keys: described(
    'References to secrets of at least 32 random characters: the first seals, all of them open.',
    ringSecrets,
  ),
});

type WrittenCallers = v.InferOutput<typeof callers>;

/** Every way by which the configuration proves callers. */
export interface CallerSettings {
  readonly keys: readonly CallerKey[];
  readonly jwtRules: readonly JwtRule[];
  readonly platform: PlatformRules;
  /** How often the callers that are limited may ask, by name. */
  readonly rates: ReadonlyMap<string, RateLimit>;
}

interface WrittenSections {
  readonly callers: WrittenCallers;
  readonly seal?: v.InferOutput<typeof seal> | undefined;
  readonly proxies?: v.InferOutput<typeof proxies> | undefined;
}

/** What reads each way of being proven. A function is built without those by which its configuration proves nobody. */
const readers = {
  seal: ringOf,
  accessKey: callerKeysOf,
  jwt: jwtRuleOf,
  certificate: certificateRuleOf,
  authorizer: authorizerRuleOf,
  proxies: proxiesOf,
};

/** The callers of a configuration, as they are proven. */
export const callersOf = ({ callers, seal, proxies }: WrittenSections, context: ConfigContext): CallerSettings => {
  checkCallers(callers, proxies !== undefined, context);
  const ring = seal && carried(readers.seal, 'seal')(seal.keys, 'seal.keys', context);
  const all = Object.entries(callers);
  const keys = all.flatMap(([name, { accessKey }]) =>
    accessKey === undefined ? [] : carried(readers.accessKey, 'accessKey')(name, accessKey, ring, context),
  );
  for (const [index, { id, caller }] of keys.entries()) {
    if (id !== '' && keys.findIndex((key) => key.id === id) < index)
      context.fault(`callers.${caller}`, `has the key ${id}, which another key has too`);
  }
  return {
    keys,
    rates: new Map(all.flatMap(([name, { requestsPerSecond, burst }]) => rateOf(name, requestsPerSecond, burst))),
    jwtRules: all.flatMap(([name, { jwt }]) => (jwt && carried(readers.jwt, 'jwt')(name, jwt, context)) ?? []),
    platform: {
      certificates: all.flatMap(
        ([name, { certificate }]) =>
          (certificate && carried(readers.certificate, 'certificate')(name, certificate)) ?? [],
      ),
      authorizers: all.flatMap(
        ([name, { authorizer }]) => (authorizer && carried(readers.authorizer, 'authorizer')(name, authorizer)) ?? [],
      ),
      ...omitUndefined({ proxies: proxies && carried(readers.proxies, 'proxies')(proxies) }),
    },
  };
};

const checkCallers = (callers: WrittenCallers, hasProxies: boolean, { fault }: ConfigContext): void => {
  for (const [name, { burst, requestsPerSecond, certificate }] of Object.entries(callers)) {
    // Each stands for others, as `session` for every session of the authority: it would lend them its grants.
    if ((reservedCallers as readonly string[]).includes(name)) fault(`callers.${name}`, 'is a reserved name');
    if (burst !== undefined && requestsPerSecond === undefined) {
      fault(`callers.${name}.burst`, 'has no effect without requestsPerSecond');
    }
    if (certificate?.from === 'proxy' && !hasProxies) {
      fault('proxies', `is missing, but the caller ${name} is proven by one`);
    }
  }
};

const rateOf = (caller: string, perSecond: number | undefined, burst: number | undefined): [string, RateLimit][] =>
  perSecond === undefined ? [] : [[caller, { perSecond, burst: burst ?? Math.max(1, Math.ceil(perSecond)) }]];
