import * as v from 'valibot';
import { publicKeys } from '../../../auth/jwt/key-set.ts';
import { type JwtRule, jwtAlgorithms, type KeyLocation, maxSkewSeconds } from '../../../auth/jwt/rule.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import { claimRule } from '../../../grants/claims.ts';
import { readJson } from '../../../wire/json.ts';
import type { ConfigContext } from '../../context.ts';
import { cidr, described, endpoint, integer, reference, text, texts } from '../../values.ts';
import { type Preset, presets } from './jwt-presets.ts';

/** What claims must be, by name. */
export const claims = described(
  'What claims must be, by name: the exact text, or a pattern with * and **. All must be met.',
  v.optional(v.record(text, texts), {}),
);

/** Tokens of an issuer that a caller is proven by. */
export const jwt = v.strictObject({
  preset: described(
    'A kind of issuer whose usual settings are known.',
    v.optional(v.picklist(Object.keys(presets) as (keyof typeof presets)[])),
  ),
  issuer: described("The token's iss, exactly.", v.optional(text)),
  audience: described("The token's aud must be one of these, exactly.", texts),
  jwks: described(
    "The issuer's public keys (RFC 7517): a reference to the set, or its URL; absent asks the issuer's discovery document.",
    v.optional(v.union([reference, endpoint])),
  ),
  jwksHosts: described(
    "Hosts besides the issuer's own where its discovery document may say that its keys are.",
    v.optional(v.array(text), []),
  ),
  privateAddresses: described(
    'Ranges of private addresses where the issuer may be reached; without them, public addresses only.',
    v.optional(v.array(cidr), []),
  ),
  algorithms: described(
    'The algorithms that tokens may be signed by.',
    v.optional(v.pipe(v.array(v.picklist(jwtAlgorithms)), v.minLength(1))),
  ),
  claims,
  mode: described(
    '`audit` only records what `claims` would refuse.',
    v.optional(v.picklist(['enforce', 'audit']), 'enforce'),
  ),
  jti: described('`once`: a token proves its caller only once.', v.optional(v.literal('once'))),
  skewSeconds: described("How far the issuer's clock may be from ours.", v.optional(integer(0, maxSkewSeconds), 60)),
  maxTokenAgeSeconds: described(
    'How long ago a token may have been issued, whatever it says itself.',
    v.optional(integer(1, 31_536_000)),
  ),
});

type WrittenJwt = v.InferOutput<typeof jwt>;

/** The rule by which a caller's tokens are judged; undefined, with a fault, if no issuer is known. */
export const jwtRuleOf = (caller: string, written: WrittenJwt, context: ConfigContext): JwtRule | undefined => {
  const path = `callers.${caller}.jwt`;
  const preset: Preset = written.preset === undefined ? { algorithms: ['ES256', 'RS256'] } : presets[written.preset];
  const issuer = written.issuer ?? preset.issuer;
  if (issuer === undefined) {
    context.fault(`${path}.issuer`, 'is missing');
    return undefined;
  }
  if (preset.form !== undefined && !preset.form.pattern.test(issuer)) {
    context.fault(`${path}.issuer`, `must be like ${preset.form.example}`);
  }
  return omitUndefined({
    caller,
    issuer,
    audiences: written.audience,
    keys: keyLocationOf(issuer, written, path, context),
    algorithms: written.algorithms ?? preset.algorithms,
    claims: Object.entries({ ...preset.claims, ...written.claims }).map(([name, list]) => claimRule(name, list)),
    mode: written.mode,
    once: written.jti === 'once',
    own: issuer === context.issuer ? (true as const) : undefined,
    skewSeconds: written.skewSeconds,
    maxTokenAgeSeconds: written.maxTokenAgeSeconds,
  });
};

const keyLocationOf = (
  issuer: string,
  { jwks, jwksHosts: hosts, privateAddresses }: WrittenJwt,
  path: string,
  context: ConfigContext,
): KeyLocation => {
  if (jwks === undefined) {
    if (!isWebUrl(issuer)) context.fault(`${path}.jwks`, 'is missing, and the issuer is not an https URL to ask');
    return { kind: 'discovered', issuer, hosts, privateAddresses };
  }
  if (/^https?:/.test(jwks)) return { kind: 'at', url: jwks, privateAddresses };
  const set = publicKeys(readJson(context.secret(`${path}.jwks`, jwks).reveal()));
  if (set === undefined) context.fault(`${path}.jwks`, 'must refer to a JSON Web Key Set with a public key');
  return { kind: 'here', jwks: set ?? { keys: [] } };
};

/** Whether a discovery document can be asked for there; the transport allows http on loopback only. */
const isWebUrl = (issuer: string): boolean => URL.canParse(issuer) && /^https?:$/.test(new URL(issuer).protocol);
