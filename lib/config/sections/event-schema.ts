import * as v from 'valibot';
import { endpoint, name, reference, text } from '../values.ts';

const region = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'must be a region'));

const reply = v.variant('kind', [
  /** The queue's own URL. */
  v.strictObject({ kind: v.literal('sqs'), queue: endpoint, region }),
  v.strictObject({ kind: v.literal('eventbridge'), bus: text, region, endpoint: v.optional(endpoint) }),
  /** The body is signed: `credmint-signature: t=SECONDS,v1=HMAC-SHA256 of "t.body"`. */
  v.strictObject({ kind: v.literal('webhook'), url: endpoint, secret: reference }),
]);

/** Mint requests that come as events. */
export const events = v.strictObject({
  /** The callers that origins prove: ARN of a queue or topic, `eventbridge:ACCOUNT`, `ckafka:TOPIC`, `cos:BUCKET`, `timer:NAME`. */
  sources: v.optional(v.record(text, name), {}),
  recipients: v.record(
    name,
    v.strictObject({
      /** A public key for ECDH-ES as a JSON Web Key. */
      jwk: reference,
      /** The callers whose credentials may be sent there. */
      callers: v.pipe(v.array(name), v.minLength(1)),
      reply,
    }),
  ),
  /** The queue for what cannot be answered; absent leaves it to the platform's own redrive. */
  deadLetter: v.optional(v.strictObject({ queue: endpoint, region })),
});

export type WrittenEvents = v.InferOutput<typeof events>;
