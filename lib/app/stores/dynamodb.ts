import { dynamodbStore } from '../../stores/dynamodb.ts';
import type { DynamodbSettings } from '../../stores/settings.ts';
import type { StoreOpener } from '../store.ts';
import { awsMeans, underSeal } from './sealing.ts';

export const open: StoreOpener<DynamodbSettings> = async (settings, deps) => {
  const store = dynamodbStore(settings.table, awsMeans(settings, deps), settings.timeoutMilliseconds);
  return underSeal({ ...store, close: async () => undefined }, settings, deps);
};
