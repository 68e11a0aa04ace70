import { redisStore } from '../../stores/redis.ts';
import type { RedisSettings } from '../../stores/settings.ts';
import type { StoreOpener } from '../store.ts';
import { underSeal } from './sealing.ts';

export const open: StoreOpener<RedisSettings> = async (settings, deps) =>
  underSeal(redisStore(settings.server, deps.now, settings.timeoutMilliseconds), settings, deps);
