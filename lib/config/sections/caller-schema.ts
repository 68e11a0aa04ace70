import * as v from 'valibot';
import { jwtAlgorithms, maxSkewSeconds } from '../../auth/jwt/rule.ts';
import { cidr, endpoint, instant, name, reference, text, texts } from '../values.ts';
import { presets } from './caller-presets.ts';

const accessKey = v.strictObject({
  id: text,
  secret: v.union([
    reference,
    /** The secret itself, closed under the keys of `seal` for this key's id. */
    v.pipe(v.string(), v.regex(/^sealed:[A-Za-z0-9_-]+$/, 'must be a reference, or sealed:…')),
  ]),
  disabled: v.optional(v.boolean(), false),
  expires: v.optional(instant),
});

/** The exact text, or a pattern with * and **, by the name of the claim. */
const claims = v.optional(v.record(text, texts), {});

const jwt = v.strictObject({
  preset: v.optional(v.picklist(Object.keys(presets) as (keyof typeof presets)[])),
  issuer: v.optional(text),
  audience: texts,
  /** The issuer's public keys (RFC 7517, 5), or where they are; absent is where its discovery document says. */
  jwks: v.optional(v.union([reference, endpoint])),
  /** Hosts besides the issuer's own at which the document may say that they are. */
  jwksHosts: v.optional(v.array(text), []),
  /** Ranges of private addresses at which the issuer may be reached; without them, public ones only. */
  privateAddresses: v.optional(v.array(cidr), []),
  algorithms: v.optional(v.pipe(v.array(v.picklist(jwtAlgorithms)), v.minLength(1))),
  claims,
  /** Whether `claims` refuse, or only say in the audit record that they would. */
  mode: v.optional(v.picklist(['enforce', 'audit']), 'enforce'),
  /** A token proves its caller once. */
  jti: v.optional(v.literal('once')),
  skewSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxSkewSeconds)), 60),
  maxTokenAgeSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31_536_000))),
});

const gateway = v.strictObject({
  platform: v.optional(v.picklist(['aws', 'tencent']), 'aws'),
  /** The id of the API, of the function URL, or of the gateway's service. */
  id: text,
  account: v.optional(text),
});

const certificate = v.pipe(
  v.strictObject({
    /** Who must have shaken hands with its holder: this server, a proxy of `proxies`, or one gateway. */
    from: v.union([v.picklist(['tls', 'proxy']), v.strictObject({ gateway })]),
    spiffe: v.optional(texts),
    dns: v.optional(texts),
    /** Distinguished names, as `C=DE, O=Acme, CN=job`. */
    issuer: v.optional(text),
    subject: v.optional(texts),
  }),
  v.check(
    ({ spiffe, dns, subject }) => (spiffe ?? dns ?? subject) !== undefined,
    'must have a spiffe, a dns or a subject',
  ),
  // A name means something only where it is known who gave it.
  v.check(
    ({ subject, issuer }) => subject === undefined || issuer !== undefined,
    'must have an issuer for its subject',
  ),
);

const authorizer = v.strictObject({ gateway, kind: v.picklist(['jwt', 'iam', 'lambda', 'key']), claims });

/** Every way in which a caller can be proven; it is proven by any of them. */
export const caller = v.strictObject({
  accessKey: v.optional(v.union([accessKey, v.pipe(v.array(accessKey), v.minLength(1))])),
  jwt: v.optional(jwt),
  certificate: v.optional(certificate),
  authorizer: v.optional(authorizer),
  /** How often each subject of it may ask one instance; absent is as often as it likes. */
  requestsPerSecond: v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(100_000))),
  /** How many requests it may make at once; absent is what it may make in a second. */
  burst: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))),
});

/** Parts of the configuration that callers are proven with. */
export const callerParts = {
  callers: v.optional(v.record(name, caller), {}),
  /** Secrets of at least 32 random characters that `sealed:` texts are closed under: the first is current. */
  seal: v.optional(v.strictObject({ keys: v.pipe(v.array(reference), v.minLength(1)) })),
  /** Proxies that stand before the server and forward the client certificates that they have seen. */
  proxies: v.optional(
    v.strictObject({
      addresses: v.pipe(v.array(cidr), v.minLength(1)),
      header: v.optional(v.pipe(text, v.toLowerCase()), 'x-forwarded-client-cert'),
      format: v.optional(v.picklist(['envoy', 'nginx']), 'envoy'),
    }),
  ),
  /** What the node server shows and asks for in its own handshakes, in PEM. */
  tls: v.optional(v.strictObject({ cert: reference, key: reference, clientCa: v.optional(reference) })),
};

/** One caller, as it is written. */
export type WrittenCaller = v.InferOutput<typeof caller>;
