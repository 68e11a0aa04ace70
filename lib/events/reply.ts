import type { AwsCall } from '../aws/json.ts';
import type { Clock } from '../core/clock.ts';
import type { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import { signedPost } from '../delivery/signed-post.ts';
import { isObject } from '../wire/json.ts';

/** Where a reply goes. */
export type ReplyTarget =
  | { readonly kind: 'sqs'; readonly queue: URL; readonly region: string }
  | { readonly kind: 'eventbridge'; readonly bus: string; readonly region: string; readonly endpoint?: URL }
  | { readonly kind: 'webhook'; readonly url: URL; readonly secret: Secret };

/** A CloudEvent of ours. It is sent as it is, so it never holds a secret in the clear. */
export interface ReplyEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: 'credmint.mint.completed' | 'credmint.mint.refused';
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Readonly<Record<string, unknown>>;
}

/** Sends a reply; rejects where it did not arrive. The same event may be sent again: its id says that it is the same. */
export type SendReply = (place: ReplyTarget, event: ReplyEvent, signal: AbortSignal) => Promise<void>;

/** What replies are sent with. */
export interface ReplyDeps {
  readonly transport: Transport;
  readonly clock: Clock;
  aws(service: 'sqs' | 'events', region: string, endpoint: URL | undefined): AwsCall;
}

const cloudEvent = { 'content-type': 'application/cloudevents+json' };

export const replySender =
  (deps: ReplyDeps): SendReply =>
  async (place, event, signal) => {
    const body = JSON.stringify(event);
    switch (place.kind) {
      case 'sqs':
        return toQueue(deps, place, body, {}, signal);
      case 'eventbridge':
        return toBus(deps, place, event, signal);
      case 'webhook':
        return signedPost({ url: place.url, secret: place.secret, headers: cloudEvent, body }, deps, signal);
    }
  };

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const toQueue = async (
  { aws }: Pick<ReplyDeps, 'aws'>,
  { queue, region }: { readonly queue: URL; readonly region: string },
  body: string,
  attributes: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> => {
  const reply = await aws('sqs', region, new URL(queue.origin))(
    'SendMessage',
    {
      QueueUrl: queue.href,
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    },
    signal,
  );
  if ('error' in reply) throw new Error(`The queue does not take the reply (${reply.error}).`);
};

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const toBus = async (
  { aws }: ReplyDeps,
  { bus, region, endpoint }: Extract<ReplyTarget, { kind: 'eventbridge' }>,
  event: ReplyEvent,
  signal: AbortSignal,
): Promise<void> => {
  const entry = {
    EventBusName: bus,
    Source: 'credmint',
    DetailType: event.type,
    Detail: JSON.stringify(event),
    Time: Date.parse(event.time) / 1000,
  };
  const reply = await aws('events', region, endpoint)('PutEvents', { Entries: [entry] }, signal);
  // An entry that failed is told in a reply that is otherwise a success.
  const failed = 'result' in reply && isObject(reply.result) ? reply.result['FailedEntryCount'] : undefined;
  if (failed !== 0) throw new Error('The event bus does not take the reply.');
};
