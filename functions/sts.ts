import { aws, ecs, json, tencentV2, tencentV3, ucloud } from '../lib/clouds/index.ts';
import { builtIn } from '../lib/platform/built-in.ts';
import type { Door } from '../lib/platform/rooms.ts';
import { serve } from '../lib/platform/serve.ts';

/** Each dialect is asked in this order whether a request is its own. */
export const clouds = [tencentV2, ecs, tencentV3, ucloud, aws];

export const door: Door = {
  dialects: [json, ...clouds.map((cloud) => cloud.dialect)],
  clouds,
  authority: builtIn(clouds),
};

/** The drop-in endpoint: every dialect, every cloud, and the authority. */
export const handler = serve(door);
