import { health } from '../lib/platform/health.ts';
import { handlerOf } from '../lib/app/functions/http.ts';

/** GET /health */
export const handler = handlerOf(health);
