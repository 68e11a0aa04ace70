import { mapConcurrent } from '../core/map-concurrent.ts';
import type { EventMessage } from './envelopes.ts';
import type { Outcome } from './process.ts';

/** What a platform is told of a batch: these, and only these, are to be delivered again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What a batch is worked through with. */
export interface BatchDeps {
  readonly answer: (carried: EventMessage, signal: AbortSignal) => Promise<Outcome>;
  /** Takes away what no redelivery would help; rejects where it cannot. Absent where no such place is configured. */
  readonly bury?: (carried: EventMessage, why: string, signal: AbortSignal) => Promise<void>;
}

const maxAtOnce = 16;

/**
 * Works through the messages of a document, so many at once. A message that fails does not fail its neighbours. Where
 * the source takes no such report, as a topic, a failure fails the whole document, which is then delivered again.
 */
export const processBatch = async (
  carried: readonly EventMessage[],
  { answer, bury }: BatchDeps,
  signal: AbortSignal,
): Promise<BatchAnswer> => {
  const settled = new Set<EventMessage>();
  await mapConcurrent(carried, maxAtOnce, signal, async (one) => {
    const outcome = await answer(one, signal);
    const buried = outcome.kind === 'poison' && (await isBuried(one, outcome.why, bury, signal));
    if (outcome.kind === 'done' || buried) settled.add(one);
  });
  // What was not begun by the deadline is delivered again.
  const failed = carried.filter((one) => !settled.has(one));
  if (failed.some(({ itemId }) => itemId === undefined)) {
    throw new Error(`${failed.length} of ${carried.length} messages are to be delivered again.`);
  }
  return { batchItemFailures: failed.map(({ itemId = '' }) => ({ itemIdentifier: itemId })) };
};

const isBuried = async (
  carried: EventMessage,
  why: string,
  bury: BatchDeps['bury'],
  signal: AbortSignal,
): Promise<boolean> => {
  try {
    await bury?.(carried, why, signal);
    return bury !== undefined;
  } catch {
    return false;
  }
};
