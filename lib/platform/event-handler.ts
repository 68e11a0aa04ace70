import { awsCredentials } from '../aws/credentials.ts';
import { awsCall } from '../aws/json.ts';
import type { ConfiguredEvents } from '../config/events.ts';
import { type BatchAnswer, workThrough } from '../events/batch.ts';
import { eventDesk } from '../events/desk.ts';
import { readDocument } from '../events/documents.ts';
import { once } from '../events/once.ts';
import { type ReplyMeans, replySender, toQueue } from '../events/reply.ts';
import type { Rooms } from '../journey/rooms.ts';
import type { Clock } from '../sts/clock.ts';
import { StsError } from '../sts/errors.ts';
import type { Ground } from './rooms.ts';
import { sleep } from './sleep.ts';

/** Answers one event document. */
export type EventHandler = (event: unknown, signal: AbortSignal) => Promise<BatchAnswer>;

/** What cannot be read is kept for people up to this length. */
const mostBuried = 200_000;

/** Whoever may look through what was buried need not be able to ask as its sender. */
const withoutToken = (name: string, value: unknown): unknown => (name === 'token' ? undefined : value);

/** Answers event documents with the rooms of a function. */
export const eventHandler = (
  rooms: Rooms,
  settings: ConfiguredEvents,
  ground: Pick<Ground, 'store' | 'transport' | 'now' | 'sleep' | 'chance'>,
  /** Absent where nothing is sent to AWS. */
  source: Parameters<typeof awsCredentials>[0] | undefined,
): EventHandler => {
  const { store, transport, now } = ground;
  const clock: Clock = { now, sleep: ground.sleep ?? sleep, chance: ground.chance ?? Math.random };
  const credentials =
    source === undefined
      ? () => Promise.reject(new Error('There are no credentials.'))
      : awsCredentials(source, transport, now);
  const aws: ReplyMeans['aws'] = (name, region, endpoint) =>
    awsCall(
      {
        name,
        region,
        target: name === 'sqs' ? 'AmazonSQS' : 'AWSEvents',
        version: name === 'sqs' ? '1.0' : '1.1',
        ...(endpoint === undefined ? {} : { endpoint }),
      },
      { transport, credentials, now },
    );
  const answer = eventDesk({ rooms, settings, once: once(store, now), send: replySender({ transport, clock, aws }) });
  const { deadLetter } = settings;
  const batch =
    deadLetter === undefined
      ? { answer }
      : {
          answer,
          bury: ({ origin, content }: { origin: string; content: unknown }, why: string, signal: AbortSignal) =>
            toQueue(
              { aws },
              deadLetter,
              JSON.stringify({ origin, content }, withoutToken).slice(0, mostBuried),
              { reason: why },
              signal,
            ),
        };
  return async (event, signal) => {
    const carried = readDocument(event);
    if (carried === undefined) {
      throw new StsError('InvalidRequest', 'The event is of no kind that is known here.');
    }
    return workThrough(carried, batch, signal);
  };
};
