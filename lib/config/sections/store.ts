import { resolve } from 'node:path';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import type { Sealing, SealingKey, StoreSettings } from '../../stores/settings.ts';
import { awsOf } from '../aws-source.ts';
import type { ConfigContext } from '../references/local.ts';
import { redisOf } from './redis.ts';
import type { WrittenStore } from './store-schema.ts';

/** What following the references of this section takes. */
export interface StoreContext extends ConfigContext {
  secret(path: string, reference: string): Secret;
  complain(path: string, why: string): void;
}

/** The store that is wanted: memory, unless the configuration says otherwise. */
export const storeOf = (written: WrittenStore | undefined, surroundings: StoreContext): StoreSettings => {
  if (written === undefined || written.kind === 'memory') return { kind: 'memory' };
  switch (written.kind) {
    case 'sqlite':
      return {
        kind: 'sqlite',
        path: resolve(surroundings.folder, written.path),
        ...sealingOf(written.sealingKeys, undefined, surroundings),
      };
    case 'redis':
      return {
        kind: 'redis',
        server: redisOf(written, surroundings),
        ...omitUndefined({ timeoutMilliseconds: written.timeoutMilliseconds }),
        ...sealingOf(written.sealingKeys, undefined, surroundings),
      };
    case 'dynamodb': {
      const { table, region, endpoint } = written;
      const sealing = sealingOf(written.sealingKeys, region, surroundings);
      if (sealing.aws === undefined) surroundings.complain('store', withoutRole);
      return {
        kind: 'dynamodb',
        table: omitUndefined({ table, region, endpoint: endpoint === undefined ? undefined : new URL(endpoint) }),
        ...omitUndefined({ timeoutMilliseconds: written.timeoutMilliseconds }),
        ...sealing,
      };
    }
  }
};

const withoutRole = "asks AWS, yet the environment does not say where this process's credentials are";

const sealingOf = (
  references: readonly string[],
  storeRegion: string | undefined,
  surroundings: StoreContext,
): Sealing => {
  const { environment, secret, complain } = surroundings;
  const aws = awsOf(environment);
  const region = storeRegion ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? '';
  const kms = environment['AWS_ENDPOINT_URL_KMS'];
  const keys = references.map((reference, index): SealingKey => {
    const path = `store.sealingKeys.${index}`;
    if (reference.startsWith('kms:')) {
      if (aws === undefined) complain(path, withoutRole);
      if (region === '') complain(path, 'is of KMS, yet AWS_REGION does not say where');
      return omitUndefined({
        wrapped: reference.slice('kms:'.length),
        region,
        endpoint: kms !== undefined && URL.canParse(kms) ? new URL(kms) : undefined,
      });
    }
    const material = secret(path, reference);
    if (material.reveal().length < 32) complain(path, 'must refer to at least 32 characters');
    return material;
  });
  const [first = new Secret(''), ...older] = keys;
  return { sealingKeys: [first, ...older], ...omitUndefined({ aws }) };
};
