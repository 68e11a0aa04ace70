import { type HttpRequest, requestTo } from '../../core/http.ts';
import { sha256Hex } from '../../signers/digest.ts';
import { isObject, member, readJson } from '../../wire/json.ts';
import type { RemotePlace } from '../settings.ts';
import type { Sink } from '../sink.ts';
import { type SinkDeps, sendSigned } from './signed-send.ts';

const mostAttempts = 2;
const mostEntries = 10;
const mostBytes = 240 * 1024;

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** Runs that one call takes: so many entries, and so many bytes together. */
const batches = (lines: readonly string[]): string[][] => {
  const all: string[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line);
    const batch = all.at(-1);
    if (batch === undefined || batch.length === mostEntries || bytes + size > mostBytes) {
      all.push([line]);
      bytes = size;
    } else {
      batch.push(line);
      bytes += size;
    }
  }
  return all;
};

/**
 * Each line as a message, by SendMessageBatch of the JSON protocol. In a FIFO queue an instance is one group, so its
 * chain stays in order, and a line that is sent twice is taken once.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export const sqsSink = (place: RemotePlace, instance: string, reach: SinkDeps): Sink => {
  const { endpoint } = place;
  const ordered = endpoint.pathname.endsWith('.fifo');

  const entry = (line: string, index: number): Entry => ({
    Id: String(index),
    MessageBody: line,
    ...(ordered ? { MessageGroupId: instance, MessageDeduplicationId: sha256Hex(line) } : {}),
  });

  const request = (entries: readonly Entry[]): HttpRequest =>
    requestTo(endpoint, {
      path: '/',
      query: '',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessageBatch' },
      body: JSON.stringify({ QueueUrl: endpoint.href, Entries: entries }),
    });

  const send = async (entries: readonly Entry[], attempt = 1): Promise<void> => {
    const response = await sendSigned(reach, place, 'sqs', request(entries));
    const taken = response?.status === 200 ? takenOf(response.body) : undefined;
    const left = entries.filter(({ Id }) => taken?.has(Id) !== true);
    if (left.length === 0) return;
    if (attempt === mostAttempts)
      throw new Error(`The audit queue does not take the lines (${response?.status ?? 0}).`);
    await send(left, attempt + 1);
  };

  return {
    write: async (lines) => {
      for (const batch of batches(lines)) await send(batch.map(entry));
    },
  };
};

/** The ids of the entries that the queue says it has; one that it does not name, it does not have. */
const takenOf = (body: string): ReadonlySet<unknown> => {
  const successful = member(readJson(body), 'Successful');
  return new Set(Array.isArray(successful) ? successful.filter(isObject).map((one) => one['Id']) : []);
};
