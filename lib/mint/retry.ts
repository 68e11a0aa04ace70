import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { MintRequest } from '../core/requests.ts';
import type { Source } from './cloud-source.ts';

const mostAttempts = 3;
const firstPause = 100;
const longestPause = 2_000;

/** Each first attempt earns a tenth of a retry, so that retries never add more than that to a cloud's bad day. */
const earnedByAttempt = 0.1;
const mostSaved = 10;

/**
 * Tries again what may succeed the next time: at most three attempts, each signed anew, with a pause of random length
 * between them, within the caller's patience and an account's budget of retries.
 */
export const retry = (source: Source, clock: Clock): Source => {
  const savings = new Map<string, number>();

  const maySpend = (request: MintRequest): boolean => {
    const saved = savings.get(request.account) ?? mostSaved;
    if (saved < 1) return false;
    savings.set(request.account, saved - 1);
    return true;
  };

  return async (request, deadline) => {
    savings.set(request.account, Math.min(mostSaved, (savings.get(request.account) ?? mostSaved) + earnedByAttempt));
    for (let attempt = 1; ; attempt++) {
      try {
        return await source(request, deadline);
      } catch (thrown) {
        const error = StsError.from(thrown);
        const isOver =
          attempt === mostAttempts || !error.traits.retryable || error.detail.retryAfterSeconds !== undefined;
        if (isOver || deadline.signal.aborted || !maySpend(request)) throw error;
        await clock.sleep(clock.chance() * Math.min(longestPause, firstPause * 2 ** attempt), deadline.signal);
        if (deadline.signal.aborted) throw error;
      }
    }
  };
};
