import { awsCall } from '../../aws/json.ts';
import { sha256Hex } from '../../signers/digest.ts';
import { isObject, member } from '../../wire/json.ts';
import type { RemotePlace } from '../settings.ts';
import type { Sink } from '../sink.ts';
import type { SinkDeps } from './signed-send.ts';

const maxAttempts = 2;
const maxEntries = 10;
const maxBatchBytes = 240 * 1024;

/** How long one call may take, with the second attempt if the first had no answer: a caller is waiting for it. */
const callMs = 3000;

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** The lines in batches that one call takes: a limit of entries, and one of bytes together. */
const batches = (lines: readonly string[]): string[][] => {
  const all: string[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line);
    const batch = all.at(-1);
    if (batch === undefined || batch.length === maxEntries || bytes + size > maxBatchBytes) {
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
export const sqsSink = (place: RemotePlace, instance: string, deps: SinkDeps): Sink => {
  const { endpoint, region, key } = place;
  const call = awsCall({ name: 'sqs', region, endpoint }, { ...deps, credentials: key }, callMs / 2);
  const ordered = endpoint.pathname.endsWith('.fifo');

  const entry = (line: string, index: number): Entry => ({
    Id: String(index),
    MessageBody: line,
    ...(ordered ? { MessageGroupId: instance, MessageDeduplicationId: sha256Hex(line) } : {}),
  });

  const send = async (entries: readonly Entry[], attempt = 1): Promise<void> => {
    const input = { QueueUrl: endpoint.href, Entries: entries };
    const reply = await call('SendMessageBatch', input, AbortSignal.timeout(callMs)).catch(() => undefined);
    const taken = reply !== undefined && 'result' in reply ? takenOf(reply.result) : undefined;
    const left = entries.filter(({ Id }) => taken?.has(Id) !== true);
    if (left.length === 0) return;
    // A call without an answer was sent twice already.
    if (attempt === maxAttempts || reply === undefined) {
      const why = reply === undefined ? 'no answer' : 'error' in reply ? reply.error : 'not taken';
      throw new Error(`The audit queue does not take the lines (${why}).`);
    }
    await send(left, attempt + 1);
  };

  return {
    write: async (lines) => {
      for (const batch of batches(lines)) await send(batch.map(entry));
    },
  };
};

/** The ids of the entries that the queue says it has; one that it does not name, it does not have. */
const takenOf = (result: unknown): ReadonlySet<unknown> => {
  const successful = member(result, 'Successful');
  return new Set(Array.isArray(successful) ? successful.filter(isObject).map((one) => one['Id']) : []);
};
