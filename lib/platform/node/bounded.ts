import { StsError } from '../../core/errors.ts';
import type { Answerer } from '../answer.ts';

/** An answerer with a limit on the requests in flight. */
export interface Bounded {
  readonly answer: Answerer;
  readonly inFlight: number;
  /** How many requests were turned away so far. */
  readonly refused: number;
}

/**
 * Limits the requests in flight; the others are told to come back. There is no queue, as in a queue every caller would
 * wait until none is in time. What is turned away still passes through the broker, so that it is answered in the
 * caller's dialect and recorded; it is neither authenticated nor minted for, which is what takes long.
 *
 * @example
 * const { answer } = bounded(app.answer, 1_000);
 */
export const bounded = (answer: Answerer, maxRequests: number): Bounded => {
  let inFlight = 0;
  let refused = 0;
  return {
    get inFlight() {
      return inFlight;
    },
    get refused() {
      return refused;
    },
    answer: async (raw, deadlineMs) => {
      if (inFlight >= maxRequests) {
        refused++;
        const fault = new StsError('Unavailable', 'This server is at its limit of requests; try again.', {
          retryAfterSeconds: 1,
        });
        return answer({ ...raw, fault }, deadlineMs);
      }
      inFlight++;
      try {
        return await answer(raw, deadlineMs);
      } finally {
        inFlight--;
      }
    },
  };
};
