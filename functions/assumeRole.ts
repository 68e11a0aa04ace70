import { httpFunction } from '../lib/app/functions/http.ts';
import {
  awsUpstream,
  ecsUpstream,
  json,
  tencentV2Upstream,
  tencentV3Upstream,
  ucloudUpstream,
} from '../lib/clouds/index.ts';

/** POST /assumeRole of the JSON API, for every cloud. */
export const handler = httpFunction({
  dialects: [json],
  clouds: [tencentV2Upstream, tencentV3Upstream, ucloudUpstream, ecsUpstream, awsUpstream],
});
