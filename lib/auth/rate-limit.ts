import { createLRU } from 'lru.min';
import type { Caller } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';

/** How often a caller may ask: so many requests at once, and so many more each second. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** Lets a proven caller in, or throws `Throttled`. */
export type Admit = (caller: Caller, now: Date) => void;

interface Bucket {
  tokens: number;
  at: number;
}

/** Beyond so many subjects the one that asked least recently begins anew, with a full bucket. */
const mostBuckets = 10_000;

/** The name that a caller is limited by. A triad of the authority counts as the caller who had it minted, or a caller could mint itself another limit. */
const limitedAs = ({ name, session }: Caller): string => session?.caller ?? name;

/** One subject of a caller's tokens, so that one job of a fleet cannot use up what the others have. */
const bucketOf = (name: string, { claims }: Caller): string => JSON.stringify([name, claims?.['iss'], claims?.['sub']]);

/**
 * A bucket of tokens for each caller and subject, in this instance: of a service that runs as many, each has its own.
 * Shared counters would cost a round trip for every request; what the clouds take is counted together, by the quota.
 */
export const rateLimiter = (limits: ReadonlyMap<string, RateLimit>): Admit => {
  if (limits.size === 0) return () => undefined;
  const buckets = createLRU<string, Bucket>({ max: mostBuckets });
  return (caller, now) => {
    const name = limitedAs(caller);
    const limit = limits.get(name);
    if (limit === undefined) return;
    const at = now.getTime();
    const key = bucketOf(name, caller);
    const kept = buckets.get(key) ?? { tokens: limit.burst, at };
    // A clock that was set back earns nothing, and costs nothing.
    const earned = (Math.max(0, at - kept.at) * limit.perSecond) / 1000;
    const tokens = Math.min(limit.burst, kept.tokens + earned);
    const enters = tokens >= 1;
    buckets.set(key, { tokens: enters ? tokens - 1 : tokens, at });
    if (enters) return;
    throw new StsError('Throttled', 'The caller asks more often than it may.', {
      retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / limit.perSecond)),
    });
  };
};
