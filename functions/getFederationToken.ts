import {
  awsUpstream,
  ecsUpstream,
  json,
  tencentV2Upstream,
  tencentV3Upstream,
  ucloudUpstream,
} from '../lib/clouds/index.ts';
import { serve } from '../lib/platform/serve.ts';

/** POST /getFederationToken of the JSON API, for every cloud. */
export const handler = serve({
  dialects: [json],
  clouds: [tencentV2Upstream, tencentV3Upstream, ucloudUpstream, ecsUpstream, awsUpstream],
});
