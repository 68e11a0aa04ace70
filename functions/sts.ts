import { dropInSpec } from '../lib/app/drop-in-spec.ts';
import { httpFunction } from '../lib/app/functions/http.ts';

export { clouds } from '../lib/clouds/dialects.ts';

export const spec = dropInSpec();

/** The drop-in endpoint: every dialect, every cloud, and the authority. */
export const handler = httpFunction(spec);
