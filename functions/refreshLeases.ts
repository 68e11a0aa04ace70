import { scheduleFunction } from '../lib/app/functions/schedule.ts';
import { awsUpstream, ecsUpstream, tencentV2Upstream, tencentV3Upstream, ucloudUpstream } from '../lib/clouds/index.ts';

/** Keeps the configuration's leases fresh, on a schedule, for every cloud. */
export const handler = scheduleFunction({
  clouds: [tencentV2Upstream, tencentV3Upstream, ucloudUpstream, ecsUpstream, awsUpstream],
});
