import { formats } from '../clouds/json/formats.ts';
import type { Deliver } from './delivery.ts';
import type { WebhookSettings } from './settings.ts';
import { signedPost } from './signed-post.ts';

/** An HTTPS endpoint, posted to with a signature; `credmint-delivery` says whether it has had these credentials before. */
export const toWebhook: Deliver<WebhookSettings> = async ({ url, secret, format }, parcel, means, signal) => {
  const { contentType, text } = formats[format](parcel.content);
  const headers = {
    'content-type': contentType,
    'credmint-lease': parcel.lease,
    'credmint-delivery': parcel.version,
  };
  await signedPost({ url, secret, headers, body: text }, means, signal);
};
