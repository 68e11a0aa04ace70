import { handlerOf } from '../lib/app/functions/http.ts';
import { health } from '../lib/platform/health.ts';

/** GET /health */
export const handler = handlerOf(health);
