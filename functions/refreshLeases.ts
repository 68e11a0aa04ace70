import { scheduleFunction } from '../lib/app/functions/schedule.ts';
import { upstreams } from '../lib/clouds/catalog.ts';

/** Keeps the configuration's leases fresh, on a schedule, for every cloud. */
export const handler = scheduleFunction({ clouds: upstreams });
