import { createLRU } from 'lru.min';
import type { Caller } from '../core/caller.ts';
import { callerBehind, subjectBehind } from '../core/caller-behind.ts';
import { StsError } from '../core/errors.ts';

/** How often a caller may ask: a burst of requests at once, and so many more each second. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** Admits a request of a proven caller, or throws `Throttled`. */
export type Admit = (caller: Caller, now: Date) => void;

interface Bucket {
  tokens: number;
  at: number;
}

/** What each subject has left of its burst. */
export type RateBuckets = ReturnType<typeof rateBuckets>;

/** Beyond so many subjects, the one that asked least recently starts again with a full bucket. */
const maxBuckets = 10_000;

/** Full buckets. They outlast a reading of the configuration: who is limited would else ask anew after each. */
export const rateBuckets = () => createLRU<string, Bucket>({ max: maxBuckets });

/**
 * A token bucket for each subject of a caller, and all sessions that it obtains, in this instance: each instance of a service has its own. Shared counters
 * would cost a round trip for every request; what the clouds accept is counted across instances, by the quota.
 */
export const rateLimiter =
  (limits: ReadonlyMap<string, RateLimit>, buckets: RateBuckets = rateBuckets()): Admit =>
  (caller, now) => {
    const limit = limits.get(callerBehind(caller));
    if (limit === undefined) return;
    const at = now.getTime();
    const key = subjectBehind(caller);
    const kept = buckets.get(key) ?? { tokens: limit.burst, at };
    // A clock that was set back neither adds tokens nor removes any.
    const earned = (Math.max(0, at - kept.at) * limit.perSecond) / 1000;
    const tokens = Math.min(limit.burst, kept.tokens + earned);
    const admitted = tokens >= 1;
    buckets.set(key, { tokens: admitted ? tokens - 1 : tokens, at });
    if (admitted) return;
    throw new StsError('Throttled', 'The caller asks more often than it may.', {
      retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / limit.perSecond)),
    });
  };
