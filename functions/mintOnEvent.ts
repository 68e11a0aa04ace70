import { eventsFunction } from '../lib/app/functions/events.ts';
import { awsUpstream, ecsUpstream, tencentV2Upstream, tencentV3Upstream, ucloudUpstream } from '../lib/clouds/index.ts';

/** Mint requests from queues, topics, buses, object stores and timers, for every cloud. */
export const handler = eventsFunction({
  clouds: [tencentV2Upstream, tencentV3Upstream, ucloudUpstream, ecsUpstream, awsUpstream],
});
