import type { Secret } from '../core/secret.ts';
import type { RuntimeIdentity } from '../identity/runtime-identity.ts';
import type { WrappedKey } from './data-key.ts';
import type { DynamoTable } from './dynamodb.ts';
import type { RedisServer } from './redis.ts';

/** Material of a key that seals: a secret, or one that KMS must open first. */
export type SealingKey = Secret | WrappedKey;

/** What every store outside of this process is told. */
export interface Sealing {
  /** The first is current, the rest only open. */
  readonly sealingKeys: readonly [SealingKey, ...SealingKey[]];
  /** The identity by which DynamoDB and KMS are called. */
  readonly aws?: RuntimeIdentity;
}

export interface SqliteSettings extends Sealing {
  readonly kind: 'sqlite';
  readonly path: string;
}

export interface RedisSettings extends Sealing {
  readonly kind: 'redis';
  readonly server: RedisServer;
  readonly timeoutMilliseconds?: number;
}

export interface DynamodbSettings extends Sealing {
  readonly kind: 'dynamodb';
  readonly table: DynamoTable;
  readonly timeoutMilliseconds?: number;
}

/** The store that the configuration wants. */
export type StoreSettings = { readonly kind: 'memory' } | SqliteSettings | RedisSettings | DynamodbSettings;
