import type { Clock } from '../core/clock.ts';
import { ClientError } from './errors.ts';

/** How often and how long something that is not there now is asked for again. */
export interface RetryDeps {
  readonly clock: Clock;
  /** No new attempt begins after so many milliseconds. */
  readonly maxWaitMs: number;
  /** Told before each wait, so that a person who waits knows why. */
  readonly onWait?: (error: ClientError, waitMs: number) => void;
}

const firstPauseMs = 500;
const maxPauseMs = 10_000;

/** Doubles from half a second, at most ten, half of it by chance: many clients must not come back at once. */
export const pauseMs = (attempt: number, chance: number): number =>
  (Math.min(maxPauseMs, firstPauseMs * 2 ** attempt) * (1 + chance)) / 2;

/** Tries again while the error is `unavailable` and time remains; a Retry-After of the server is respected. */
export const withRetry = async <Result>(act: () => Promise<Result>, deps: RetryDeps): Promise<Result> => {
  const { clock, maxWaitMs, onWait } = deps;
  const until = clock.now().getTime() + maxWaitMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await act();
    } catch (thrown) {
      if (!(thrown instanceof ClientError) || thrown.fault !== 'unavailable') throw thrown;
      const { retryAfterSeconds = 0 } = thrown.detail;
      const waitMs = Math.max(retryAfterSeconds * 1000, pauseMs(attempt, clock.chance()));
      if (clock.now().getTime() + waitMs >= until) throw thrown;
      onWait?.(thrown, waitMs);
      await clock.sleep(waitMs);
    }
  }
};
