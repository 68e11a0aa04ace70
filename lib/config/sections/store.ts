import { resolve } from 'node:path';
import * as v from 'valibot';
import { carried } from '../../core/carried.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import type { Sealing, SealingKey, StoreSettings } from '../../stores/settings.ts';
import { type ConfigContext, withoutAwsRole } from '../context.ts';
import { ringSecret } from '../ring.ts';
import { described, endpoint, integer, referenceOr, region, text } from '../values.ts';
import { redisMembers, redisOf } from './redis.ts';

const sealing = {
  sealingKeys: described(
    'What every value is sealed with: references to secrets of at least 32 random characters, or kms:BASE64, a data key that KMS encrypted for the purpose credmint-store. The first is current, all of them open.',
    v.pipe(v.array(referenceOr('kms:[A-Za-z0-9+/]{16,}={0,2}', 'kms:BASE64')), v.minLength(1)),
  ),
};

const timeoutMilliseconds = described(
  'How long an answer of the store may take before the store is taken to be down.',
  v.optional(integer(10, 10_000)),
);

/** Where instances remember together what none of them may forget alone. */
export const store = v.variant('kind', [
  v.strictObject({ kind: described('The memory of one process.', v.literal('memory')) }),
  v.strictObject({
    kind: described('A SQLite file, for the processes of one machine.', v.literal('sqlite')),
    path: described('The path of the file, relative to the configuration.', text),
    ...sealing,
  }),
  v.strictObject({
    kind: described('Redis or Valkey.', v.literal('redis')),
    ...redisMembers,
    timeoutMilliseconds,
    ...sealing,
  }),
  v.strictObject({
    kind: described('A DynamoDB table.', v.literal('dynamodb')),
    table: described(
      'The name or ARN of the table.',
      v.pipe(v.string(), v.regex(/^([A-Za-z0-9_.-]{3,255}|arn:[A-Za-z0-9:/_.-]{1,1000})$/, 'must be a table')),
    ),
    region: described('The region of the table.', region),
    endpoint: described("DynamoDB's endpoint; absent is the region's own.", v.optional(endpoint)),
    timeoutMilliseconds,
    ...sealing,
  }),
]);

/** What reads where a store is. A function is built without those that it does not use. */
const servers = {
  redis: redisOf,
};

/** The store that is wanted: memory, unless the configuration says otherwise. */
export const storeOf = (written: v.InferOutput<typeof store> | undefined, context: ConfigContext): StoreSettings => {
  if (written === undefined || written.kind === 'memory') return { kind: 'memory' };
  switch (written.kind) {
    case 'sqlite':
      return {
        kind: 'sqlite',
        path: resolve(context.folder, written.path),
        ...sealingOf(written.sealingKeys, undefined, context),
      };
    case 'redis':
      return omitUndefined<StoreSettings>({
        kind: 'redis',
        server: carried(servers.redis, 'the store redis')(written, context),
        timeoutMilliseconds: written.timeoutMilliseconds,
        ...sealingOf(written.sealingKeys, undefined, context),
      });
    case 'dynamodb': {
      const { table, region, endpoint } = written;
      if (context.aws === undefined) context.fault('store', withoutAwsRole);
      return omitUndefined<StoreSettings>({
        kind: 'dynamodb',
        table: omitUndefined({ table, region, endpoint: endpoint === undefined ? undefined : new URL(endpoint) }),
        timeoutMilliseconds: written.timeoutMilliseconds,
        ...sealingOf(written.sealingKeys, region, context),
      });
    }
  }
};

const sealingOf = (written: readonly string[], storeRegion: string | undefined, context: ConfigContext): Sealing => {
  const keys = written.map((key, index) => sealingKeyOf(key, `store.sealingKeys.${index}`, storeRegion, context));
  const [first = new Secret(''), ...older] = keys;
  return { sealingKeys: [first, ...older], ...omitUndefined({ aws: context.aws }) };
};

const sealingKeyOf = (
  written: string,
  path: string,
  storeRegion: string | undefined,
  context: ConfigContext,
): SealingKey => {
  if (!written.startsWith('kms:')) return ringSecret(written, path, context);
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_KMS: kms } = context.environment;
  const region = storeRegion ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? '';
  if (context.aws === undefined) context.fault(path, withoutAwsRole);
  if (region === '') context.fault(path, 'is a key of KMS, but AWS_REGION does not name its region');
  return omitUndefined({
    wrapped: written.slice('kms:'.length),
    region,
    endpoint: kms !== undefined && URL.canParse(kms) ? new URL(kms) : undefined,
  });
};
