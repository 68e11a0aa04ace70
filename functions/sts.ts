import { aws, ecs, json, tencentV2, tencentV3, ucloud } from '../lib/clouds/index.ts';
import { builtIn } from '../lib/platform/built-in.ts';
import { houseDoctor } from '../lib/platform/house-doctor.ts';
import { leaseCounter } from '../lib/platform/lease-counter.ts';
import type { Door } from '../lib/platform/rooms.ts';
import { serve } from '../lib/platform/serve.ts';

export const clouds = [tencentV2, tencentV3, ucloud, ecs, aws];

export const door: Door = {
  // In the order of asking: what has a path of its own first, then what has headers of its own.
  dialects: [json, tencentV2.dialect, ecs.dialect, tencentV3.dialect, ucloud.dialect, aws.dialect],
  clouds,
  authority: builtIn(clouds),
  leases: leaseCounter,
  doctor: houseDoctor,
};

/** The drop-in endpoint: every dialect, every cloud, and the authority. */
export const handler = serve(door);
