import * as v from 'valibot';

const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be a name of letters, digits, _ . -'),
);
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));

/** Where a secret is kept; never the secret itself. */
const reference = v.pipe(
  v.string(),
  v.regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'must be a reference: env:NAME or file:PATH'),
);

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);

/** Set by the operator only. Plain http would show keys and tokens to the network, so it is for loopback alone. */
const endpoint = v.pipe(
  v.string(),
  v.check((value) => URL.canParse(value), 'must be a URL'),
  // Checks go on after one has failed.
  v.check((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url?.protocol === 'http:' ? isLoopback(url.hostname) : url === undefined || url.protocol === 'https:';
  }, 'must be https, or http on loopback'),
  v.check((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url === undefined || [url.username, url.password, url.search, url.hash].every((part) => part === '');
  }, 'must have no user, query or fragment'),
);

const accessKey = v.strictObject({ id: text, secret: reference });

const cloudAccount = v.strictObject({
  cloud: v.picklist(['tencent-v2', 'tencent-v3', 'ucloud', 'ecs', 'aws']),
  endpoint,
  region: v.optional(text),
  key: v.optional(v.strictObject({ id: text, secret: reference, token: v.optional(reference) })),
  webIdentity: v.optional(v.strictObject({ token: reference, providerId: v.optional(text) })),
  signature: v.optional(v.picklist(['TC3-HMAC-SHA256', 'HmacSHA1', 'HmacSHA256', 'SigV4', 'X-SDS-AUTH-TOKEN'])),
  federationRole: v.optional(text),
  namespace: v.optional(text),
  projectId: v.optional(text),
});

const account = v.variant('cloud', [cloudAccount, v.strictObject({ cloud: v.literal('authority') })]);

const caller = v.strictObject({
  accessKey: v.optional(v.union([accessKey, v.pipe(v.array(accessKey), v.minLength(1))])),
  jwt: v.optional(
    v.strictObject({
      issuer: text,
      audience: text,
      /** The issuer's public keys (RFC 7517, 5). */
      jwks: reference,
      algorithms: v.optional(
        v.pipe(
          v.array(
            v.picklist(['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512', 'EdDSA']),
          ),
          v.minLength(1),
        ),
      ),
    }),
  ),
});

const operation = v.picklist([
  'AssumeRole',
  'GetFederationToken',
  'GetSessionToken',
  'AssumeRoleWithWebIdentity',
  'GetCallerIdentity',
]);

const patterns = v.union([
  v.pipe(
    text,
    v.transform((one) => [one]),
  ),
  v.pipe(v.array(text), v.minLength(1)),
]);
const instant = v.pipe(v.string(), v.isoTimestamp('must be an instant, 2026-11-22T00:00:00Z'));
const minuteOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, 08:30'));
const cidr = v.pipe(v.string(), v.regex(/^[0-9a-fA-F.:]+(\/\d{1,3})?$/, 'must be an address or a range, 10.0.0.0/8'));

const grant = v.strictObject({
  name,
  callers: v.pipe(v.array(name), v.minLength(1)),
  dialects: v.optional(v.array(v.picklist(['json', 'tencent-v2', 'tencent-v3', 'ucloud', 'ecs', 'aws']))),
  account: name,
  operations: v.pipe(v.array(operation), v.minLength(1)),
  roles: v.optional(v.array(text), []),
  /** What claims of the token must be: the exact text, or a pattern with * and **. All of them must be met. */
  claims: v.optional(v.record(text, patterns), {}),
  sourceIps: v.optional(v.pipe(v.array(cidr), v.minLength(1))),
  times: v.optional(
    v.strictObject({
      from: v.optional(instant),
      until: v.optional(instant),
      /** By the clock of UTC. */
      daily: v.optional(v.strictObject({ begins: minuteOfDay, ends: minuteOfDay })),
      days: v.optional(v.pipe(v.array(v.picklist(['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'])), v.minLength(1))),
    }),
  ),
  acr: v.optional(v.pipe(v.array(text), v.minLength(1))),
  amr: v.optional(v.pipe(v.array(text), v.minLength(1))),
  maxDurationSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(604_800))),
  /** What templates may refer to, each with the characters it may bring besides the harmless ones. */
  references: v.optional(v.record(v.string(), v.strictObject({ allow: v.optional(v.string(), '') })), {}),
  sessionName: v.optional(text),
  policy: v.optional(v.record(v.string(), v.unknown())),
  tags: v.optional(v.record(text, text)),
  sourceIdentity: v.optional(text),
  externalId: v.optional(reference),
  /** What is left to the caller. */
  accepts: v.optional(v.array(v.picklist(['policy', 'tags', 'sourceIdentity'])), []),
  mode: v.optional(v.picklist(['enforce', 'audit']), 'enforce'),
});

const role = v.strictObject({
  trust: v.array(
    v.pipe(v.string(), v.regex(/^(\*|(role:)?[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$/, 'must be a caller, role:NAME or *')),
  ),
  maxSessionDurationSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(900), v.maxValue(43_200)), 3600),
  externalId: v.optional(text),
  /** What the role may do, as documents of each grammar; absent is everything. */
  policies: v.optional(
    v.strictObject({
      iam: v.optional(v.record(v.string(), v.unknown())),
      cam: v.optional(v.record(v.string(), v.unknown())),
      ucloud: v.optional(v.record(v.string(), v.unknown())),
    }),
    {},
  ),
  aliases: v.optional(v.array(text), []),
});

/** A key of the place that lines are sent to; the platform of a function may give its id by the environment, too. */
const sinkKey = v.strictObject({ id: text, secret: reference, token: v.optional(reference) });
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));

const audit = v.strictObject({
  sink: v.optional(
    v.variant('kind', [
      v.strictObject({ kind: v.literal('stdout') }),
      /** `sync` waits for the disk. */
      v.strictObject({ kind: v.literal('file'), path: text, sync: v.optional(v.boolean(), false) }),
      v.strictObject({
        kind: v.literal('s3'),
        /** The bucket's own URL. */
        endpoint,
        region: text,
        prefix: v.optional(
          v.pipe(v.string(), v.regex(/^([A-Za-z0-9_.=-]+\/)*$/, 'must be empty, or names that each end in /')),
          '',
        ),
        key: sinkKey,
      }),
      /** The endpoint is the queue's URL. */
      v.strictObject({ kind: v.literal('sqs'), endpoint, region: text, key: sinkKey }),
    ]),
    { kind: 'stdout' },
  ),
  /** The Ed25519 key that signs checkpoints. Without one, lines are not chained. */
  key: v.optional(reference),
  /** Keys before it: they vouch for it where a chain begins. */
  olderKeys: v.optional(v.array(reference), []),
  checkpoint: v.optional(
    v.strictObject({ everyRecords: v.optional(count, 100), everySeconds: v.optional(count, 60) }),
    {},
  ),
});

/** `credmint.config.json`, as it is written. */
export const configSchema = v.strictObject({
  $schema: v.optional(v.string()),
  accounts: v.optional(v.record(name, account), {}),
  callers: v.optional(v.record(name, caller), {}),
  grants: v.optional(v.array(grant), []),
  authority: v.optional(
    v.strictObject({
      /** Secrets of at least 32 random characters that seal session tokens: the first is current, the rest only open. */
      keys: v.pipe(v.array(reference), v.minLength(1)),
      accountIds: v.optional(v.record(v.string(), text), {}),
      roles: v.optional(v.record(name, role), {}),
    }),
  ),
  audit: v.optional(audit, {}),
  /** Names, with ports where they have them, by which callers know this server besides its Host header. */
  publicHosts: v.optional(v.array(text), []),
  /** How much of why it was denied a caller is told; the audit record always has all of it. */
  explain: v.optional(v.picklist(['none', 'code', 'full']), 'code'),
});

/** The audit section, as it is written. */
export type WrittenAudit = v.InferOutput<typeof audit>;

/** One grant, as it is written. */
export type WrittenGrant = v.InferOutput<typeof grant>;

export type WrittenConfig = v.InferOutput<typeof configSchema>;
