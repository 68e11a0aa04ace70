import { StsError } from '../../core/errors.ts';
import type { Answerer } from '../answer.ts';

/** An answerer that takes so many requests at once; it tells the others to come back. */
export interface Bounded {
  readonly answer: Answerer;
  readonly underWay: number;
  readonly refused: number;
}

/**
 * A queue would let every caller wait until none is in time. What is refused still goes through the house, so that it
 * is said in the caller's dialect and written down; it is neither proven nor minted for, which is what takes long.
 */
export const bounded = (answer: Answerer, most: number): Bounded => {
  let underWay = 0;
  let refused = 0;
  return {
    get underWay() {
      return underWay;
    },
    get refused() {
      return refused;
    },
    answer: async (raw, deadline) => {
      if (underWay >= most) {
        refused++;
        const fault = new StsError('CloudUnavailable', 'This server has as much to do as it can; try again.', {
          retryAfterSeconds: 1,
        });
        return answer({ ...raw, fault }, deadline);
      }
      underWay++;
      try {
        return await answer(raw, deadline);
      } finally {
        underWay--;
      }
    },
  };
};
