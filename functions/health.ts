import { handlerOf } from '../lib/app/functions/handler.ts';
import { health } from '../lib/platform/health.ts';

/** GET /health */
export const handler = handlerOf(health);
