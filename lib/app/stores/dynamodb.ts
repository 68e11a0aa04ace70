import { dynamodbStore } from '../../stores/dynamodb.ts';
import type { DynamodbSettings } from '../../stores/settings.ts';
import type { StoreOpener } from '../store.ts';
import { awsMeans, underSeal } from './sealing.ts';

export const open: StoreOpener<DynamodbSettings> = async (settings, means) => {
  const store = dynamodbStore(settings.table, awsMeans(settings, means), settings.timeoutMilliseconds);
  return underSeal({ ...store, close: async () => undefined }, settings, means);
};
