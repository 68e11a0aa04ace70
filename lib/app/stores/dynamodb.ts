import { dynamodbStore } from '../../stores/dynamodb.ts';
import type { DynamodbSettings } from '../../stores/settings.ts';
import { awsDepsOf } from '../aws-deps.ts';
import { withSeal } from './sealing.ts';
import type { StoreOpener } from './store-opener.ts';

export const open: StoreOpener<DynamodbSettings> = async (settings, deps, breaker) => {
  const store = dynamodbStore(settings.table, awsDepsOf(settings.aws, deps), settings.timeoutMilliseconds, breaker);
  return withSeal({ ...store, close: async () => undefined }, settings, deps);
};
