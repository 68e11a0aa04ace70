import { aws, ecs, json, tencentV2, tencentV3, ucloud } from '../lib/clouds/index.ts';
import { serve } from '../lib/platform/serve.ts';

/** POST /assumeRole of the JSON API, for every cloud. */
export const handler = serve({ dialects: [json], clouds: [tencentV2, tencentV3, ucloud, ecs, aws] });
