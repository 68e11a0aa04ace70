import * as v from 'valibot';
import { callerParts } from './sections/caller-schema.ts';
import { events } from './sections/event-schema.ts';
import { faults } from './sections/faults-schema.ts';
import { leaseParts } from './sections/lease-schema.ts';
import { emf, server } from './sections/server.ts';
import { store } from './sections/store-schema.ts';
import { cidr, endpoint, instant, name, reference, text, texts } from './values.ts';

const cloudAccount = v.strictObject({
  cloud: v.picklist(['tencent-v2', 'tencent-v3', 'ucloud', 'ecs', 'aws']),
  endpoint,
  region: v.optional(text),
  key: v.optional(v.strictObject({ id: text, secret: reference, token: v.optional(reference) })),
  webIdentity: v.optional(v.strictObject({ token: reference, providerId: v.optional(text) })),
  signature: v.optional(v.picklist(['TC3-HMAC-SHA256', 'HmacSHA1', 'HmacSHA256', 'SigV4', 'X-SDS-AUTH-TOKEN'])),
  federationRole: v.optional(text),
  /** Calls a second and operation that the account's cloud takes, where it is not what the cloud publishes. */
  requestsPerSecond: v.optional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(100_000))),
  namespace: v.optional(text),
  projectId: v.optional(text),
});

const account = v.variant('cloud', [cloudAccount, v.strictObject({ cloud: v.literal('authority') })]);

const operation = v.picklist([
  'AssumeRole',
  'GetFederationToken',
  'GetSessionToken',
  'AssumeRoleWithWebIdentity',
  'GetCallerIdentity',
  'ReadLease',
]);

const minuteOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, 08:30'));

const grant = v.strictObject({
  name,
  callers: v.pipe(v.array(name), v.minLength(1)),
  dialects: v.optional(
    v.array(v.picklist(['json', 'tencent-v2', 'tencent-v3', 'ucloud', 'ecs', 'aws', 'event', 'lease'])),
  ),
  account: name,
  operations: v.pipe(v.array(operation), v.minLength(1)),
  roles: v.optional(v.array(text), []),
  /** The names of leases that may be read: exact, or patterns with * and **. */
  leases: v.optional(v.array(text), []),
  /** What claims of the token must be: the exact text, or a pattern with * and **. All of them must be met. */
  claims: v.optional(v.record(text, texts), {}),
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
  /** Whether its callers may be given each other's credentials, minted once for all of them. */
  shareable: v.optional(v.boolean(), false),
  /** What is left to the caller. */
  accepts: v.optional(v.array(v.picklist(['policy', 'tags', 'sourceIdentity', 'secondFactor'])), []),
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
  ...callerParts,
  grants: v.optional(v.array(grant), []),
  ...leaseParts,
  authority: v.optional(
    v.strictObject({
      /** Secrets of at least 32 random characters that seal session tokens: the first is current, the rest only open. */
      keys: v.pipe(v.array(reference), v.minLength(1)),
      accountIds: v.optional(v.record(v.string(), text), {}),
      roles: v.optional(v.record(name, role), {}),
      faults: v.optional(faults),
    }),
  ),
  audit: v.optional(audit, {}),
  store: v.optional(store),
  events: v.optional(events),
  server: v.optional(server, {}),
  emf: v.optional(emf),
  /** Names, with ports where they have them, by which callers know this server besides its Host header. */
  publicHosts: v.optional(v.array(text), []),
  cache: v.optional(
    v.strictObject({
      /** The most credentials that one instance keeps. */
      entries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000_000)), 10_000),
    }),
    {},
  ),
  /** How much of why it was denied a caller is told; the audit record always has all of it. */
  explain: v.optional(v.picklist(['none', 'code', 'full']), 'code'),
});

/** The audit section, as it is written. */
export type WrittenAudit = v.InferOutput<typeof audit>;

/** One grant, as it is written. */
export type WrittenGrant = v.InferOutput<typeof grant>;

export type WrittenConfig = v.InferOutput<typeof configSchema>;
