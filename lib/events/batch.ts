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
 * Processes the messages of a document, several at once. A message that fails does not fail the others. If the source
 * takes no report of single failures, as with a topic, a failure rejects, so that the whole document is delivered again.
 */
export const processBatch = async (
  messages: readonly EventMessage[],
  deps: BatchDeps,
  signal: AbortSignal,
): Promise<BatchAnswer> => {
  const settled = new Set<EventMessage>();
  await mapConcurrent(messages, maxAtOnce, signal, async (message) => {
    if (await isSettled(message, deps, signal)) settled.add(message);
  });
  // This includes what was not begun by the deadline.
  const failed = messages.filter((message) => !settled.has(message));
  if (failed.some(({ itemId }) => itemId === undefined)) {
    throw new Error(`${failed.length} of ${messages.length} messages are to be delivered again.`);
  }
  return { batchItemFailures: failed.map(({ itemId = '' }) => ({ itemIdentifier: itemId })) };
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
