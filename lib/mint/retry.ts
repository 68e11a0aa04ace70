import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { MintRequest } from '../core/requests.ts';
import type { Source } from './source.ts';

const maxAttempts = 3;
const firstPauseMs = 100;
const maxPauseMs = 2_000;

/** Each first attempt earns a tenth of a retry, so that retries add at most a tenth to the load of a cloud in trouble. */
const earnedByAttempt = 0.1;
const maxSaved = 10;

/**
 * A source that retries what may succeed the next time: at most three attempts, each signed anew, with a pause of random
 * length between them, until the caller's deadline and within the account's budget of retries.
 */
export const retry = (source: Source, clock: Clock): Source => {
  const savings = new Map<string, number>();

  const maySpend = (request: MintRequest): boolean => {
    const saved = savings.get(request.account) ?? maxSaved;
    if (saved < 1) return false;
    savings.set(request.account, saved - 1);
    return true;
  };

  return async (request, deadline) => {
    savings.set(request.account, Math.min(maxSaved, (savings.get(request.account) ?? maxSaved) + earnedByAttempt));
    for (let attempt = 1; ; attempt++) {
      try {
        return await source(request, deadline);
      } catch (thrown) {
        const error = StsError.from(thrown);
        const isFinal =
          attempt === maxAttempts || !error.traits.retryable || error.detail.retryAfterSeconds !== undefined;
        if (isFinal || deadline.signal.aborted || !maySpend(request)) throw error;
        await clock.sleep(clock.chance() * Math.min(maxPauseMs, firstPauseMs * 2 ** attempt), deadline.signal);
        if (deadline.signal.aborted) throw error;
      }
    }
  };
};
