import { awsUpstream, ecsUpstream, tencentV2Upstream, tencentV3Upstream, ucloudUpstream } from '../lib/clouds/index.ts';
import { serveSchedule } from '../lib/platform/serve-schedule.ts';

/** Keeps the configuration's leases fresh, on a schedule, for every cloud. */
export const handler = serveSchedule({
  clouds: [tencentV2Upstream, tencentV3Upstream, ucloudUpstream, ecsUpstream, awsUpstream],
});
