import type { Config } from '../config/config.ts';
import { configOfEnvironment } from '../config/environment.ts';
import { type FollowMeans, following } from '../references/follow.ts';

/** The configuration of this process, its references followed wherever they lead: once, before its first request. */
export const openConfig = (means: FollowMeans): Promise<Config> =>
  configOfEnvironment((places) => following(places, means));
