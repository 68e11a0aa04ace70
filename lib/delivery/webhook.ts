import { formats } from '../clouds/json/formats.ts';
import type { Deliver } from './delivery.ts';
import type { WebhookSettings } from './settings.ts';
import { signedPost } from './signed-post.ts';

/** A signed POST to an HTTPS endpoint, which can tell by `credmint-delivery` whether it has these credentials already. */
export const toWebhook: Deliver<WebhookSettings> = async ({ url, secret, format }, payload, deps, signal) => {
  const { contentType, text } = formats[format](payload.content);
  const headers = {
    'content-type': contentType,
    'credmint-lease': payload.lease,
    'credmint-delivery': payload.version,
  };
  await signedPost({ url, secret, headers, body: text }, deps, signal);
};
