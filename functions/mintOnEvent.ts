import { eventsFunction } from '../lib/app/functions/events.ts';
import { upstreams } from '../lib/clouds/catalog.ts';

/** Mint requests from queues, topics, buses, object stores and timers, for every cloud. */
export const handler = eventsFunction({ clouds: upstreams });
