import { StsError } from '../../core/errors.ts';
import { fairShares } from '../../core/fair-shares.ts';
import type { Slot } from '../../core/slot.ts';
import type { Answerer } from '../answer.ts';
import type { RawRequest } from '../raw-request.ts';
import { addressGroup } from './address-group.ts';

type Answering<Answered> = (raw: RawRequest, deadlineMs: number) => Promise<Answered>;

/** An answerer with a limit on the requests in flight. */
export interface Bounded {
  readonly answer: Answerer;
  /** Has another answerer take part in the limit: it is handed a `fault` if there is no room. */
  within<Answered>(answer: Answering<Answered>): Answering<Answered>;
  readonly inFlight: number;
  /** How many requests were turned away so far. */
  readonly refused: number;
}

/**
 * Limits the requests in flight; the others are told to come back. There is no queue, as in a queue every caller would
 * wait until none is in time. What is turned away still passes through the broker, so that it is answered in the
 * caller's dialect and recorded; it is neither authenticated nor minted for, which is what takes long.
 *
 * None takes all of it: a request is its address's share until its caller is proven, and then its caller's.
 *
 * @example
 * const { answer } = bounded(app.answer, 1_000);
 */
export const bounded = (answer: Answerer, maxRequests: number): Bounded => {
  const shares = fairShares(maxRequests);
  let refused = 0;
  const within =
    <Answered>(inner: Answering<Answered>): Answering<Answered> =>
    async (raw, deadlineMs) => {
      const { sourceIp } = raw;
      let share = sourceIp === undefined ? undefined : `address ${addressGroup(sourceIp)}`;
      if (!shares.hasRoom(share)) {
        refused++;
        const fault = new StsError('Unavailable', 'This server is at its limit of requests; try again.', {
          retryAfterSeconds: 1,
        });
        return inner({ ...raw, fault }, deadlineMs);
      }
      shares.add(share);
      const slot: Slot = {
        belongTo: (caller) => {
          shares.remove(share);
          share = `caller ${caller}`;
          const hasRoom = shares.hasRoom(share);
          shares.add(share);
          if (!hasRoom) refused++;
          return hasRoom;
        },
      };
      try {
        return await inner({ ...raw, slot }, deadlineMs);
      } finally {
        shares.remove(share);
      }
    };
  return {
    get inFlight() {
      return shares.taken;
    },
    get refused() {
      return refused;
    },
    answer: within(answer),
    within,
  };
};
