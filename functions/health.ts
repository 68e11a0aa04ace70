import { health } from '../lib/platform/health.ts';
import { handlerOf } from '../lib/platform/serve.ts';

/** GET /health */
export const handler = handlerOf(health);
