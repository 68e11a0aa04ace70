import { createLRU } from 'lru.min';
import type { Caller } from '../core/caller.ts';
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

/** Beyond so many subjects, the one that asked least recently starts again with a full bucket. */
const maxBuckets = 10_000;

/** The name that a caller is limited by: for a session of the authority, the caller that it was minted for, or a caller could mint itself another limit. */
const limitName = ({ name, session }: Caller): string => session?.caller ?? name;

/** One bucket for each subject of a caller's tokens, so that one job of a fleet cannot use up the share of the others. */
const bucketOf = (name: string, { claims }: Caller): string => JSON.stringify([name, claims?.['iss'], claims?.['sub']]);

/**
 * A token bucket for each caller and subject, in this instance: each instance of a service has its own. Shared counters
 * would cost a round trip for every request; what the clouds accept is counted across instances, by the quota.
 */
export const rateLimiter = (limits: ReadonlyMap<string, RateLimit>): Admit => {
  if (limits.size === 0) return () => undefined;
  const buckets = createLRU<string, Bucket>({ max: maxBuckets });
  return (caller, now) => {
    const name = limitName(caller);
    const limit = limits.get(name);
    if (limit === undefined) return;
    const at = now.getTime();
    const key = bucketOf(name, caller);
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
};
