import * as v from 'valibot';
import { endpoint, reference, text } from '../values.ts';

const sealingKey = v.pipe(
  v.string(),
  v.regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|(file|ssm|secretsmanager|tencent-ssm):.+|kms:[A-Za-z0-9+/]{16,}={0,2})$/,
    'must be a reference: env:NAME, file:PATH, ssm:NAME, secretsmanager:ID, tencent-ssm:NAME or kms:BASE64',
  ),
);

const sealing = {
  /**
   * What every value is closed with: secrets of at least 32 random characters, or data keys that KMS has encrypted for
   * the purpose `credmint-store`. The first is current, the rest only open.
   */
  sealingKeys: v.pipe(v.array(sealingKey), v.minLength(1)),
};

const timeoutMilliseconds = v.optional(v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(10_000)));

/** Where instances remember together what none of them may forget alone. */
export const store = v.variant('kind', [
  v.strictObject({ kind: v.literal('memory') }),
  v.strictObject({ kind: v.literal('sqlite'), path: text, ...sealing }),
  v.strictObject({
    kind: v.literal('redis'),
    /** redis://HOST:PORT/DATABASE or rediss://…, without a password; or a reference to one, which may have it. */
    url: v.pipe(
      v.string(),
      v.regex(
        /^(rediss?:\/\/.+|env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/,
        'must be redis://HOST:PORT/DATABASE, rediss:// or a reference',
      ),
    ),
    username: v.optional(text),
    password: v.optional(reference),
    /** Certificates, in PEM, that are trusted instead of the usual ones. */
    tls: v.optional(v.strictObject({ ca: reference })),
    cluster: v.optional(v.boolean()),
    timeoutMilliseconds,
    ...sealing,
  }),
  v.strictObject({
    kind: v.literal('dynamodb'),
    table: v.pipe(v.string(), v.regex(/^([A-Za-z0-9_.-]{3,255}|arn:[A-Za-z0-9:/_.-]{1,1000})$/, 'must be a table')),
    region: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'must be a region')),
    endpoint: v.optional(endpoint),
    timeoutMilliseconds,
    ...sealing,
  }),
]);

/** The store section, as it is written. */
export type WrittenStore = v.InferOutput<typeof store>;
