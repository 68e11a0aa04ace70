import { aws, ecs, json, tencentV2, tencentV3, ucloud } from '../lib/clouds/index.ts';
import type { Door } from '../lib/platform/rooms.ts';
import { serve } from '../lib/platform/serve.ts';

const clouds = [tencentV2, ecs, tencentV3, ucloud, aws];

/** The drop-in endpoint: every dialect, every cloud. Each dialect is asked in this order whether a request is its own. */
export const door: Door = { dialects: [json, ...clouds.map((cloud) => cloud.dialect)], clouds };

export const handler = serve(door);
