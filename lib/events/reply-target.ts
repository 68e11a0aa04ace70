import type { Secret } from '../core/secret.ts';

/** Where a reply goes. */
export type ReplyTarget =
  | { readonly kind: 'sqs'; readonly queue: URL; readonly region: string }
  | { readonly kind: 'eventbridge'; readonly bus: string; readonly region: string; readonly endpoint?: URL }
  | { readonly kind: 'webhook'; readonly url: URL; readonly secret: Secret };
