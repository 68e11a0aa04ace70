import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sqsSink } from '../../../lib/audit/sinks/sqs.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { isSigned, openRecorder, type Recorder, type Reply, reach } from '../../support/sink-recorder.ts';

interface Message {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

const entriesOf = ({ body }: HttpRequest): Message[] => JSON.parse(body).Entries;

/** As AWS documents it; entries of these ids fail. */
const answer =
  (...failing: readonly string[]) =>
  (request: HttpRequest): Reply => {
    const entries = entriesOf(request);
    const Successful = entries
      .filter(({ Id }) => !failing.includes(Id))
      .map(({ Id, MessageBody }) => ({
        Id,
        MessageId: `m-${Id}`,
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      }));
    const Failed = failing.map((Id) => ({ Id, Code: 'InternalError', SenderFault: false, Message: 'again' }));
    return { status: 200, body: JSON.stringify({ Successful, ...(Failed.length > 0 ? { Failed } : {}) }) };
  };

const instance = '0123456789abcdef0123456789abcdef';
let queue: Recorder;
beforeAll(async () => {
  queue = await openRecorder(answer());
});
beforeEach(() => {
  queue.requests.length = 0;
  queue.replies.length = 0;
});
afterAll(() => queue.close());

const open = (name = 'audit') => sqsSink(queue.place(`/123456789012/${name}`), instance, reach);
const someLines = (count: number, size = 10): string[] =>
  Array.from({ length: count }, (_, index) => `{"line":${index},"x":"${'x'.repeat(size)}"}`);

describe('a queue', () => {
  it('gets each line as a message, by the JSON protocol', async () => {
    const lines = someLines(2);
    await open().write(lines);
    const [request] = queue.requests;

    expect(request).toMatchObject({
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessageBatch' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      QueueUrl: queue.place('/123456789012/audit').endpoint.href,
      Entries: [
        { Id: '0', MessageBody: lines[0] },
        { Id: '1', MessageBody: lines[1] },
      ],
    });
    expect(request && isSigned(request, 'sqs')).toBe(true);
  });

  it('that is FIFO gets an instance as one group, each line once', async () => {
    const [line = ''] = someLines(1);
    await open('audit.fifo').write([line]);

    expect(queue.requests.flatMap(entriesOf)).toEqual([
      {
        Id: '0',
        MessageBody: line,
        MessageGroupId: instance,
        MessageDeduplicationId: createHash('sha256').update(line).digest('hex'),
      },
    ]);
  });

  it('gets ten messages at a time, and no more bytes than it takes', async () => {
    const many = someLines(23);
    await open().write(many);
    expect(queue.requests.map((request) => entriesOf(request).length)).toEqual([10, 10, 3]);
    expect(queue.requests.flatMap(entriesOf).map(({ MessageBody }) => MessageBody)).toEqual(many);

    queue.requests.length = 0;
    await open().write(someLines(5, 100_000));
    expect(queue.requests.map((request) => entriesOf(request).length)).toEqual([2, 2, 1]);
  });

  it('gets again what it did not take, and that alone', async () => {
    queue.replies.push(answer('1'));
    const lines = someLines(3);
    await open().write(lines);

    expect(queue.requests.map((request) => entriesOf(request).map(({ MessageBody }) => MessageBody))).toEqual([
      lines,
      [lines[1]],
    ]);
  });

  it.each([
    ['does not take a line', answer('0')],
    ['does not name a line', () => ({ status: 200, body: '{"Successful":[]}' })],
    ['answers nothing that can be read', () => ({ status: 200, body: '<ok/>' })],
    ['refuses', () => ({ status: 400, body: '{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}' })],
    ['hangs up', () => undefined],
  ])('is reported to the decision when it %s', async (_, reply) => {
    queue.replies.push(reply, reply);

    await expect(open().write(someLines(1))).rejects.toThrow('does not take');
    expect(queue.requests).toHaveLength(2);
  });
});
