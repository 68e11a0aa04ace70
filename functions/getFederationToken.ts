import { httpFunction } from '../lib/app/functions/http.ts';
import { upstreams } from '../lib/clouds/catalog.ts';
import { json } from '../lib/clouds/json/dialect.ts';

/** POST /getFederationToken of the JSON API, for every cloud. */
export const handler = httpFunction({ dialects: [json], clouds: upstreams });
