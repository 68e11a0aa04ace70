import * as v from 'valibot';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Recipient } from '../../events/recipient.ts';
import type { ReplyTarget } from '../../events/reply-target.ts';
import { isObject, readJson } from '../../wire/json.ts';
import type { ConfigContext } from '../context.ts';
import { described, endpoint, name, reference, region, text } from '../values.ts';

const queueRegion = described('The region of the queue.', region);

const reply = v.variant('kind', [
  v.strictObject({
    kind: described('A message of an SQS queue.', v.literal('sqs')),
    queue: described("The queue's own URL.", endpoint),
    region: queueRegion,
  }),
  v.strictObject({
    kind: described('An event of an EventBridge bus.', v.literal('eventbridge')),
    bus: described('The name or ARN of the bus.', text),
    region: described('The region of the bus.', region),
    endpoint: described("EventBridge's endpoint; absent is the region's own.", v.optional(endpoint)),
  }),
  v.strictObject({
    kind: described(
      'A POST signed by `credmint-signature: t=SECONDS,v1=HMAC-SHA256 of "SECONDS.BODY"`.',
      v.literal('webhook'),
    ),
    url: described('The URL that is posted to.', endpoint),
    secret: described('A reference to the secret that signs the body.', reference),
  }),
]);

const recipient = v.strictObject({
  jwk: described(
    'A reference to the public key that credentials are encrypted to: a JSON Web Key for ECDH-ES.',
    reference,
  ),
  callers: described('The callers whose credentials may be sent there.', v.pipe(v.array(name), v.minLength(1))),
  reply: described('Where replies are sent.', reply),
});

/** Mint requests that come as events. */
export const events = v.strictObject({
  sources: described(
    'The callers that origins prove, by origin: the ARN of a queue or topic, eventbridge:ACCOUNT, ckafka:TOPIC, cos:BUCKET or timer:NAME.',
    v.optional(v.record(text, name), {}),
  ),
  recipients: described('Where replies may be sent, by name.', v.record(name, recipient)),
  deadLetter: described(
    "The queue for events that cannot be answered; absent leaves them to the platform's own redrive.",
    v.optional(
      v.strictObject({
        queue: described("The queue's own URL.", endpoint),
        region: queueRegion,
      }),
    ),
  ),
});

type WrittenEvents = v.InferOutput<typeof events>;

/** How the configuration wants mint requests that come as events. */
export interface ConfiguredEvents {
  readonly sources: ReadonlyMap<string, string>;
  readonly recipients: ReadonlyMap<string, Recipient>;
  readonly deadLetter?: { readonly queue: URL; readonly region: string };
}

const curves = ['P-256', 'P-384', 'P-521', 'X25519'];

/** The events section as it is used. */
export const eventsOf = (
  { sources, recipients, deadLetter }: WrittenEvents,
  context: ConfigContext,
): ConfiguredEvents => ({
  sources: new Map(Object.entries(sources)),
  recipients: new Map(Object.entries(recipients).map(([name, written]) => [name, recipientOf(name, written, context)])),
  ...omitUndefined({ deadLetter: deadLetter && { ...deadLetter, queue: new URL(deadLetter.queue) } }),
});

const recipientOf = (name: string, written: v.InferOutput<typeof recipient>, context: ConfigContext): Recipient => {
  const path = `events.recipients.${name}`;
  const key = readJson(context.secret(`${path}.jwk`, written.jwk).reveal());
  const isKey = isObject(key) && typeof key['kty'] === 'string' && curves.includes(String(key['crv']));
  if (!isKey) context.fault(`${path}.jwk`, `must refer to a JSON Web Key on one of ${curves.join(', ')}`);
  if (isKey && key['d'] !== undefined) {
    context.fault(`${path}.jwk`, 'must refer to a public key: the private half belongs to the recipient alone');
  }
  return {
    name,
    key: isKey ? { ...key, kty: String(key['kty']) } : { kty: 'EC' },
    callers: new Set(written.callers),
    reply: replyOf(written.reply, `${path}.reply`, context),
  };
};

const replyOf = (written: v.InferOutput<typeof reply>, path: string, { secret }: ConfigContext): ReplyTarget => {
  switch (written.kind) {
    case 'sqs':
      return { ...written, queue: new URL(written.queue) };
    case 'webhook':
      return { ...written, url: new URL(written.url), secret: secret(`${path}.secret`, written.secret) };
    case 'eventbridge': {
      const { endpoint, ...rest } = written;
      return { ...rest, ...(endpoint === undefined ? {} : { endpoint: new URL(endpoint) }) };
    }
  }
};
