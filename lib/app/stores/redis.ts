import { redisStore } from '../../stores/redis.ts';
import type { RedisSettings } from '../../stores/settings.ts';
import type { StoreOpener } from '../store.ts';
import { underSeal } from './sealing.ts';

export const open: StoreOpener<RedisSettings> = async (settings, means) =>
  underSeal(redisStore(settings.server, means.now, settings.timeoutMilliseconds), settings, means);
