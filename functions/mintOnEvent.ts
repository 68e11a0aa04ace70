import { awsUpstream, ecsUpstream, tencentV2Upstream, tencentV3Upstream, ucloudUpstream } from '../lib/clouds/index.ts';
import { serveEvents } from '../lib/platform/serve-events.ts';

/** Mint requests from queues, topics, buses, object stores and timers, for every cloud. */
export const handler = serveEvents({
  clouds: [tencentV2Upstream, tencentV3Upstream, ucloudUpstream, ecsUpstream, awsUpstream],
});
