import { mapConcurrent } from '../core/map-concurrent.ts';
import type { EventMessage } from './envelopes.ts';
import type { Outcome } from './process.ts';

/** What a platform is told of a batch: these messages, and only these, are to be delivered again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What working through a batch needs. */
export interface BatchDeps {
  readonly process: (message: EventMessage, signal: AbortSignal) => Promise<Outcome>;
  /** Keeps a rejected message for people to look at; rejects if it cannot. Absent if no dead-letter queue is configured. */
  readonly deadLetter?: (message: EventMessage, why: string, signal: AbortSignal) => Promise<void>;
}

const maxAtOnce = 16;

/**
 * Processes the messages of a document, several at once. A message that fails does not fail the others, but for those
 * behind it in its group of a FIFO queue: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html.
 * If the source
 * takes no report of single failures, as with a topic, a failure rejects, so that the whole document is delivered again.
 */
export const processBatch = async (
  messages: readonly EventMessage[],
  deps: BatchDeps,
  signal: AbortSignal,
): Promise<BatchAnswer> => {
  const settled = new Set<EventMessage>();
  await mapConcurrent(inGroups(messages), maxAtOnce, signal, async (group) => {
    for (const message of group) {
      // What comes behind a failure in a group must not overtake it.
      if (signal.aborted || !(await isSettled(message, deps, signal))) return;
      settled.add(message);
    }
  });
  // This includes what was not begun by the deadline.
  const failed = messages.filter((message) => !settled.has(message));
  if (failed.some(({ itemId }) => itemId === undefined)) {
    throw new Error(`${failed.length} of ${messages.length} messages are to be delivered again.`);
  }
  return { batchItemFailures: failed.map(({ itemId = '' }) => ({ itemIdentifier: itemId })) };
};

/** Messages that may be done at once; those of one group of a FIFO queue are one after the other. */
const inGroups = (messages: readonly EventMessage[]): readonly (readonly EventMessage[])[] => {
  const groups = new Map<string | EventMessage, EventMessage[]>();
  for (const message of messages) {
    const name = message.group ?? message;
    groups.set(name, [...(groups.get(name) ?? []), message]);
  }
  return [...groups.values()];
};

/** Whether a message needs no other delivery: it is done, or rejected and in the dead-letter queue. */
const isSettled = async (
  message: EventMessage,
  { process, deadLetter }: BatchDeps,
  signal: AbortSignal,
): Promise<boolean> => {
  const outcome = await process(message, signal);
  if (outcome.kind !== 'reject') return outcome.kind === 'done';
  try {
    await deadLetter?.(message, outcome.why, signal);
    return deadLetter !== undefined;
  } catch {
    return false;
  }
};
