import { omitUndefined } from '../core/omit-undefined.ts';
import { readUnambiguousJson } from '../wire/exact-json.ts';
import { isObject } from '../wire/json.ts';

/** One message of an event document, and where it came from. */
export interface EventMessage {
  /** What the platform vouches for: the ARN of a queue, topic, bus or rule; a bucket, a topic of CKafka, a timer. */
  readonly origin: string;
  /** The name by which a batch reports this message as failed; absent if its source takes no such report. */
  readonly itemId?: string;
  /** Which firing of a trigger this is: a timer sends the same content each time. */
  readonly firing?: string;
  /** The group of a FIFO queue, whose messages must be done in their order. */
  readonly group?: string;
  /** What should be a CloudEvent. */
  readonly content: unknown;
  /** The text of which the content could not be read. */
  readonly text?: string;
}

type Shape = (event: Record<string, unknown>, invocation?: string) => readonly EventMessage[] | undefined;

const recordsOf = (event: Record<string, unknown>): readonly Record<string, unknown>[] =>
  Array.isArray(event['Records']) ? event['Records'].filter(isObject) : [];

const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  let at = value;
  for (const name of path) at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return typeof at === 'string' ? at : undefined;
};

/** A queue may carry what a bus or a topic put there, in their wrapping; the queue is still the origin. */
const unwrapped = (body: unknown): unknown => {
  const value = typeof body === 'string' ? readUnambiguousJson(body) : body;
  if (isObject(value) && typeof value['Message'] === 'string' && value['TopicArn'] !== undefined) {
    return readUnambiguousJson(value['Message']);
  }
  return isObject(value) && value['detail-type'] !== undefined && isObject(value['detail']) ? value['detail'] : value;
};

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const sqs: Shape = (event) => {
  const records = recordsOf(event).filter((record) => record['eventSource'] === 'aws:sqs');
  if (records.length === 0) return undefined;
  return records.flatMap((record) => {
    const origin = textAt(record, 'eventSourceARN') ?? '';
    // At a standard queue a group is for fairness, and keeps no order.
    const group = origin.endsWith('.fifo') ? textAt(record, 'attributes', 'MessageGroupId') : undefined;
    const message = {
      origin,
      itemId: textAt(record, 'messageId') ?? '',
      ...omitUndefined({ group }),
    };
    const text = textAt(record, 'body') ?? '';
    return (
      failedContents(readUnambiguousJson(text))?.map((content) => ({ ...message, content })) ?? [
        { ...message, content: unwrapped(text), text },
      ]
    );
  });
};

/**
 * What is in the record that Lambda writes of an asynchronous invocation that failed; undefined if it is none. Who says
 * so is the queue that it is read from, and not the record.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const failedContents = (body: unknown): readonly unknown[] | undefined => {
  if (!isObject(body) || textAt(body, 'requestContext', 'functionArn') === undefined) return undefined;
  return (readEnvelope(body['requestPayload']) ?? []).map(({ content }) => content);
};

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
const sns: Shape = (event) => {
  const records = recordsOf(event).filter((record) => record['EventSource'] === 'aws:sns');
  if (records.length === 0) return undefined;
  return records.map((record) => ({
    origin: textAt(record, 'Sns', 'TopicArn') ?? '',
    content: unwrapped(textAt(record, 'Sns', 'Message')),
  }));
};

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html; the first resource is the rule. */
const eventBridge: Shape = (event) => {
  if (event['detail-type'] === undefined || !isObject(event['detail'])) return undefined;
  // The sender of an event chooses its source and resources; the bus itself sets only the account.
  return [{ origin: `eventbridge:${textAt(event, 'account') ?? ''}`, content: event['detail'] }];
};

/** https://cloud.tencent.com/document/product/583/17530: messages of a topic of CKafka. */
const ckafka: Shape = (event) => {
  const records = recordsOf(event).filter((record) => isObject(record['Ckafka']));
  if (records.length === 0) return undefined;
  return records.map((record) => ({
    origin: `ckafka:${textAt(record, 'Ckafka', 'topic') ?? ''}`,
    content: unwrapped(textAt(record, 'Ckafka', 'msgBody')),
  }));
};

/** https://cloud.tencent.com/document/product/583/9708: the timer's message is the request. */
const timer: Shape = (event) => {
  if (event['Type'] !== 'Timer') return undefined;
  return [
    {
      origin: `timer:${textAt(event, 'TriggerName') ?? ''}`,
      content: readUnambiguousJson(textAt(event, 'Message') ?? ''),
      ...omitUndefined({ firing: textAt(event, 'Time') }),
    },
  ];
};

/**
 * https://cloud.tencent.com/document/product/583/9707: an object was put into a bucket. Its user metadata holds the
 * request, since credmint does not fetch the object.
 */
const cos: Shape = (event) => {
  const records = recordsOf(event).filter((record) => isObject(record['cos']));
  if (records.length === 0) return undefined;
  return records.map((record) => ({
    origin: `cos:${textAt(record, 'cos', 'cosBucket', 'name') ?? ''}`,
    content: readUnambiguousJson(textAt(record, 'cos', 'cosObject', 'meta', 'x-cos-meta-credmint') ?? ''),
  }));
};

/**
 * A CloudEvent as it is, from a direct invocation of the function. A schedule of EventBridge sends the same input each
 * time; a retry of an asynchronous invocation has the id of the first.
 */
const plain: Shape = (event, invocation) =>
  event['specversion'] === undefined
    ? undefined
    : [{ origin: 'direct', content: event, ...omitUndefined({ firing: textAt(event, 'time') ?? invocation }) }];

/** Several CloudEvents as they are (JSON Event Format, 4). */
const isBatch = (event: unknown): event is readonly Record<string, unknown>[] =>
  Array.isArray(event) && event.length > 0 && event.every((one) => isObject(one) && one['specversion'] !== undefined);

const shapes: readonly Shape[] = [sqs, sns, eventBridge, ckafka, timer, cos, plain];

/**
 * The messages of an event document; returns undefined if its shape is not known. `invocation` is the platform's id of
 * this invocation of the function, the same if the platform repeats it.
 */
export const readEnvelope = (event: unknown, invocation?: string): readonly EventMessage[] | undefined => {
  if (isBatch(event)) return event.flatMap((one) => plain(one, invocation) ?? []);
  if (!isObject(event)) return undefined;
  for (const shape of shapes) {
    const messages = shape(event, invocation);
    if (messages !== undefined) return messages;
  }
  return undefined;
};
