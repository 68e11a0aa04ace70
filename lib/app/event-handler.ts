import { awsCall } from '../aws/json.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { ConfiguredEvents } from '../config/sections/events.ts';
import { StsError } from '../core/errors.ts';
import { type BatchAnswer, processBatch } from '../events/batch.ts';
import { type EventMessage, readEnvelope } from '../events/envelopes.ts';
import { once } from '../events/once.ts';
import { eventProcessor } from '../events/process.ts';
import { redactTokens } from '../events/redact-tokens.ts';
import { type ReplyDeps, replySender, toQueue } from '../events/reply.ts';
import type { RuntimeIdentity } from '../identity/runtime-identity.ts';
import { awsDepsOf } from './aws-deps.ts';
import { type ClockDeps, clockOf } from './clock.ts';
import type { AppDeps } from './deps.ts';
import { inEventTrace } from './event-trace.ts';

/** Answers one event document. `invocation` is the platform's id of this invocation, the same if it is repeated. */
export type EventHandler = (event: unknown, signal: AbortSignal, invocation?: string) => Promise<BatchAnswer>;

/** In characters, as SQS takes 256 KiB; a longer message is cut. */
const maxDeadLetterLength = 200_000;

/** The request itself, so that it can be put back as it is. */
const deadLetterBody = ({ content, text }: EventMessage): string =>
  JSON.stringify(redactTokens(content ?? text)).slice(0, maxDeadLetterLength);

/**
 * Answers the event documents of every platform. `source` is absent if nothing is sent to AWS.
 *
 * @example
 * const handle = eventHandler(app.brokerDeps, config.events, { ...deps, store: app.store }, config.aws);
 * const { batchItemFailures } = await handle(sqsEvent, AbortSignal.timeout(60_000));
 */
export const eventHandler = (
  brokerDeps: BrokerDeps,
  settings: ConfiguredEvents,
  deps: Pick<AppDeps, 'store' | 'transport'> & ClockDeps,
  source: RuntimeIdentity | undefined,
): EventHandler => {
  const awsDeps = awsDepsOf(source, deps);
  const aws: ReplyDeps['aws'] = (name, region, endpoint) => awsCall({ name, region, endpoint }, awsDeps);
  const process = eventProcessor({
    ...brokerDeps,
    settings,
    once: once(deps.store, deps.now),
    send: replySender({ transport: deps.transport, clock: clockOf(deps), aws }),
    inTrace: inEventTrace,
  });
  const { deadLetter } = settings;
  const batch =
    deadLetter === undefined
      ? { process }
      : {
          process,
          deadLetter: (message: EventMessage, why: string, signal: AbortSignal) =>
            toQueue({ aws }, deadLetter, deadLetterBody(message), { reason: why, origin: message.origin }, signal),
        };
  return async (event, signal, invocation) => {
    const messages = readEnvelope(event, invocation);
    if (messages === undefined) throw new StsError('InvalidRequest', 'The event has no form that is known here.');
    return processBatch(messages, batch, signal);
  };
};
