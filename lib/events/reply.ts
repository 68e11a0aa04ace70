import type { AwsCall } from '../aws/json.ts';
import type { Clock } from '../core/clock.ts';
import type { Transport } from '../core/transport.ts';
import { signedPost } from '../delivery/signed-post.ts';
import { isObject } from '../wire/json.ts';
import type { ReplyEvent } from './reply-event.ts';
import type { ReplyTarget } from './reply-target.ts';

/** Sends a reply; rejects if it did not arrive. A reply may be sent again: its id says that it is the same. */
export type SendReply = (target: ReplyTarget, event: ReplyEvent, signal: AbortSignal) => Promise<void>;

/** What sending replies needs. */
export interface ReplyDeps {
  readonly transport: Transport;
  readonly clock: Clock;
  aws(service: 'sqs' | 'events', region: string, endpoint: URL | undefined): AwsCall;
}

const cloudEvent = { 'content-type': 'application/cloudevents+json' };

/**
 * Sends replies to queues, event buses and webhooks.
 *
 * @example
 * const send = replySender({ transport, clock, aws });
 * await send({ kind: 'sqs', queue, region: 'eu-central-1' }, reply, signal);
 */
export const replySender =
  (deps: ReplyDeps): SendReply =>
  async (target, event, signal) => {
    const body = JSON.stringify(event);
    switch (target.kind) {
      case 'sqs':
        return toQueue(deps, target, body, {}, signal);
      case 'eventbridge':
        return toBus(deps, target, event, signal);
      case 'webhook':
        return signedPost({ url: target.url, secret: target.secret, headers: cloudEvent, body }, deps, signal);
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
  // A response of status 200 may say that the entry failed.
  const failed = 'result' in reply && isObject(reply.result) ? reply.result['FailedEntryCount'] : undefined;
  if (failed !== 0) throw new Error('The event bus does not take the reply.');
};
