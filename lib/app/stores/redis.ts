import { redisStore } from '../../stores/redis.ts';
import type { RedisSettings } from '../../stores/settings.ts';
import { withSeal } from './sealing.ts';
import type { StoreOpener } from './store-opener.ts';

export const open: StoreOpener<RedisSettings> = async (settings, deps, breaker) =>
  withSeal(
    redisStore(settings.server, deps.now, settings.timeoutMilliseconds, breaker, deps.monotonicMs),
    settings,
    deps,
  );
