import type { Clock } from '../core/clock.ts';
import { StsError, type StsErrorCode } from '../core/errors.ts';
import type { Source } from './source.ts';

interface Hold {
  /** By the monotonic clock. */
  readonly until: number;
  readonly code: StsErrorCode;
}

/** Knows, by account, until when a cloud asked not to be asked. */
export interface AccountHolds {
  /** A source that rejects at once until the `Retry-After` of the cloud's last refusal is over. */
  honoured(source: Source): Source;
}

/**
 * Honours the `Retry-After` of each account's cloud, and passes on what is left of it.
 *
 * @example
 * const source = accountHolds(clock).honoured(clouds.credentials);
 */
export const accountHolds = (clock: Pick<Clock, 'monotonicMs'>): AccountHolds => {
  const holds = new Map<string, Hold>();
  return {
    honoured: (source) => async (request, deadline) => {
      const hold = holds.get(request.account);
      const leftMs = hold === undefined ? 0 : hold.until - clock.monotonicMs();
      if (hold !== undefined && leftMs > 0) {
        throw new StsError(hold.code, 'The cloud asked to be left alone for now.', {
          retryAfterSeconds: Math.ceil(leftMs / 1000),
        });
      }
      try {
        return await source(request, deadline);
      } catch (thrown) {
        const { code, detail } = StsError.from(thrown);
        // Only what the cloud said: our own quota and circuit breaker know by themselves when they are over.
        if (detail.retryAfterSeconds !== undefined && detail.upstream !== undefined) {
          holds.set(request.account, { code, until: clock.monotonicMs() + detail.retryAfterSeconds * 1000 });
        }
        throw thrown;
      }
    },
  };
};
