import { BlockList, isIPv6 } from 'node:net';
import type { PlatformRules } from '../../auth/gateway/rules.ts';
import { publicKeys } from '../../auth/jwt/key-set.ts';
import type { JwtRule, KeyLocation } from '../../auth/jwt/rule.ts';
import type { CallerKey } from '../../auth/keys/caller-keys.ts';
import type { RateLimit } from '../../auth/rate-limit.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { claimRule } from '../../grants/claims.ts';
import { compilePattern } from '../../grants/pattern.ts';
import { type Keyring, keyring } from '../../stores/seal/keyring.ts';
import { readJson } from '../../wire/json.ts';
import type { WrittenConfig } from '../schema.ts';
import { openSecret } from '../sealed-secret.ts';
import { type Preset, presets } from './caller-presets.ts';
import type { WrittenCaller } from './caller-schema.ts';
import { leaseCallers } from './leases.ts';

/** Every way by which the configuration proves callers. */
export interface CallerSettings {
  readonly keys: readonly CallerKey[];
  readonly jwtRules: readonly JwtRule[];
  readonly platform: PlatformRules;
  /** How often callers may ask, of those who are limited. */
  readonly rates: ReadonlyMap<string, RateLimit>;
}

/** How references are followed, and faults told with their paths. */
export interface CallersContext {
  secret(path: string, reference: string): Secret;
  complain(path: string, why: string): void;
}

/** The callers of a configuration, from how they are written. */
export const callersOf = (
  { callers, seal, proxies }: Pick<WrittenConfig, 'callers' | 'seal' | 'proxies'>,
  following: CallersContext,
): CallerSettings => {
  const { complain } = following;
  // Each stands for others, as `session` for every holder of a triad of the authority: it would lend them its grants.
  for (const own of ['session', ...leaseCallers]) {
    if (Object.hasOwn(callers, own)) complain(`callers.${own}`, 'is a name that the house keeps for itself');
  }
  const ring = seal && ringOf(seal.keys, following);
  const all = Object.entries(callers);
  const keys = all.flatMap(([caller, { accessKey }]) => keysOf(caller, accessKey, ring, following));
  for (const [index, { id, caller }] of keys.entries()) {
    if (keys.findIndex((key) => key.id === id) < index)
      complain(`callers.${caller}`, `has the key ${id}, which another has too`);
  }
  for (const [name, { burst, requestsPerSecond }] of all) {
    if (burst !== undefined && requestsPerSecond === undefined)
      complain(`callers.${name}.burst`, 'means nothing without requestsPerSecond');
  }
  const usesProxy = all.some(([, { certificate }]) => certificate?.from === 'proxy');
  if (usesProxy && proxies === undefined) complain('proxies', 'is missing, yet a caller is proven by one');
  return {
    keys,
    rates: new Map(all.flatMap(([caller, written]) => rateOf(caller, written))),
    jwtRules: all.flatMap(([caller, { jwt }]) => (jwt === undefined ? [] : (jwtRuleOf(caller, jwt, following) ?? []))),
    platform: omitUndefined({
      certificates: all.flatMap(([caller, { certificate }]) =>
        certificate === undefined ? [] : certificateRuleOf(caller, certificate),
      ),
      authorizers: all.flatMap(([caller, { authorizer }]) =>
        authorizer === undefined ? [] : authorizerRuleOf(caller, authorizer),
      ),
      proxies: proxies && { ...proxies, addresses: addressesOf(proxies.addresses, 'proxies.addresses', following) },
    }),
  };
};

const rateOf = (caller: string, { requestsPerSecond: perSecond, burst }: WrittenCaller): [string, RateLimit][] =>
  perSecond === undefined ? [] : [[caller, { perSecond, burst: burst ?? Math.max(1, Math.ceil(perSecond)) }]];

const ringOf = (references: readonly string[], { secret, complain }: CallersContext): Keyring => {
  const [first = new Secret(''), ...older] = references.map((reference, index) => {
    const material = secret(`seal.keys.${index}`, reference);
    if (material.reveal().length < 32) complain(`seal.keys.${index}`, 'must refer to at least 32 characters');
    return material;
  });
  return keyring(first, ...older);
};

const keysOf = (
  caller: string,
  written: WrittenCaller['accessKey'],
  ring: Keyring | undefined,
  { secret, complain }: CallersContext,
): CallerKey[] =>
  [written ?? []].flat().map(({ id, secret: kept, disabled, expires }, index) => {
    const path = `callers.${caller}.accessKey.${index}.secret`;
    const opened = (): Secret => {
      const found = ring && openSecret(ring, id, kept);
      if (ring === undefined) complain(path, 'is sealed, yet there is no seal in the configuration');
      else if (found === undefined) complain(path, 'does not open: it is of another key, or of another seal');
      return found ?? new Secret('');
    };
    return omitUndefined({
      id,
      caller,
      secret: kept.startsWith('sealed:') ? opened() : secret(path, kept),
      disabled,
      expires: expires === undefined ? undefined : new Date(expires),
    });
  });

const jwtRuleOf = (
  caller: string,
  written: NonNullable<WrittenCaller['jwt']>,
  following: CallersContext,
): JwtRule | undefined => {
  const path = `callers.${caller}.jwt`;
  const preset: Preset = written.preset === undefined ? { algorithms: ['ES256', 'RS256'] } : presets[written.preset];
  const issuer = written.issuer ?? preset.issuer;
  if (issuer === undefined) {
    following.complain(`${path}.issuer`, 'is missing');
    return undefined;
  }
  if (preset.form !== undefined && !preset.form.pattern.test(issuer)) {
    following.complain(`${path}.issuer`, `must be like ${preset.form.example}`);
  }
  return omitUndefined({
    caller,
    issuer,
    audiences: written.audience,
    keys: keyPlaceOf(issuer, written, path, following),
    algorithms: written.algorithms ?? preset.algorithms,
    claims: Object.entries({ ...preset.claims, ...written.claims }).map(([name, list]) => claimRule(name, list)),
    mode: written.mode,
    once: written.jti === 'once',
    skewSeconds: written.skewSeconds,
    maxTokenAgeSeconds: written.maxTokenAgeSeconds,
  });
};

const keyPlaceOf = (
  issuer: string,
  { jwks, jwksHosts: hosts, privateAddresses }: NonNullable<WrittenCaller['jwt']>,
  path: string,
  following: CallersContext,
): KeyLocation => {
  // Only to be checked here, and a list of none would load what makes lists.
  if (privateAddresses.length > 0) addressesOf(privateAddresses, `${path}.privateAddresses`, following);
  if (jwks === undefined) {
    if (!isPlace(issuer)) following.complain(`${path}.jwks`, 'is missing, and the issuer is no https URL to ask');
    return { kind: 'discovered', issuer, hosts, privateAddresses };
  }
  if (/^https?:/.test(jwks)) return { kind: 'at', url: jwks, privateAddresses };
  const set = publicKeys(readJson(following.secret(`${path}.jwks`, jwks).reveal()));
  if (set === undefined) following.complain(`${path}.jwks`, 'must refer to a JSON Web Key Set with a public key');
  return { kind: 'here', jwks: set ?? { keys: [] } };
};

/** Whether a discovery document can be asked for there; http is for loopback, as the transport sees to. */
const isPlace = (issuer: string): boolean => URL.canParse(issuer) && /^https?:$/.test(new URL(issuer).protocol);

const certificateRuleOf = (caller: string, written: NonNullable<WrittenCaller['certificate']>) => {
  const { from, spiffe, dns, issuer, subject } = written;
  return omitUndefined({
    caller,
    from: typeof from === 'string' ? from : omitUndefined(from.gateway),
    spiffe: spiffe?.map(compilePattern),
    dns: dns?.map((name) => name.toLowerCase()),
    issuer,
    subjects: subject,
  });
};

const authorizerRuleOf = (caller: string, { gateway, kind, claims }: NonNullable<WrittenCaller['authorizer']>) => ({
  caller,
  gateway: omitUndefined(gateway),
  kind,
  claims: Object.entries(claims).map(([name, list]) => claimRule(name, list)),
});

const addressesOf = (written: readonly string[], path: string, { complain }: CallersContext): BlockList => {
  const list = new BlockList();
  for (const range of written) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    try {
      list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
    } catch {
      complain(path, `has ${range}, which is no address or range`);
    }
  }
  return list;
};
