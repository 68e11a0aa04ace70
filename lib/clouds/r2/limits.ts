import type { CloudFacts } from '../../core/cloud-facts.ts';
import type { DurationRange, MintOperation } from '../../core/requests.ts';

// https://developers.cloudflare.com/r2/api/s3/temporary-credentials/

/** Seconds that credentials last. No page gives a least, nor a default; 3600 is that of the other clouds. */
export const seconds = {
  GetFederationToken: { min: 1, default: 3600, max: 604_800 },
} as const satisfies { readonly [Op in MintOperation]?: DurationRange };

/** What each operation can be told besides whom and how long. */
export const accepts = { GetFederationToken: ['policy'] } as const satisfies CloudFacts['accepts'];

/** Ours, since no page gives one: what comes of it travels in a header. In characters. */
export const maxPolicyCharacters = 2048;
