import { awsCredentials } from '../aws/credentials.ts';
import { awsCall } from '../aws/json.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { ConfiguredEvents } from '../config/sections/events.ts';
import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import { type BatchAnswer, processBatch } from '../events/batch.ts';
import { readEnvelope } from '../events/envelopes.ts';
import { once } from '../events/once.ts';
import { eventProcessor } from '../events/process.ts';
import { type ReplyDeps, replySender, toQueue } from '../events/reply.ts';
import type { AppDeps } from './compose.ts';
import { sleep } from './sleep.ts';

/** Answers one event document. */
export type EventHandler = (event: unknown, signal: AbortSignal) => Promise<BatchAnswer>;

/** What cannot be read is kept for people up to this length. */
const mostBuried = 200_000;

/** Whoever may look through what was buried need not be able to ask as its sender. */
const withoutToken = (name: string, value: unknown): unknown => (name === 'token' ? undefined : value);

/** Answers event documents with the rooms of a function. */
export const eventHandler = (
  brokerDeps: BrokerDeps,
  settings: ConfiguredEvents,
  appDeps: Pick<AppDeps, 'store' | 'transport' | 'now' | 'sleep' | 'chance'>,
  /** Absent where nothing is sent to AWS. */
  source: Parameters<typeof awsCredentials>[0] | undefined,
): EventHandler => {
  const { store, transport, now } = appDeps;
  const clock: Clock = { now, sleep: appDeps.sleep ?? sleep, chance: appDeps.chance ?? Math.random };
  const credentials =
    source === undefined
      ? () => Promise.reject(new Error('There are no credentials.'))
      : awsCredentials(source, transport, now);
  const aws: ReplyDeps['aws'] = (name, region, endpoint) =>
    awsCall({ name, region, endpoint }, { transport, credentials, now });
  const answer = eventProcessor({
    brokerDeps,
    settings,
    once: once(store, now),
    send: replySender({ transport, clock, aws }),
  });
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
    const carried = readEnvelope(event);
    if (carried === undefined) {
      throw new StsError('InvalidRequest', 'The event is of no kind that is known here.');
    }
    return processBatch(carried, batch, signal);
  };
};
