import type { Credentials } from '../core/credentials.ts';
import type { MintRequest } from '../core/requests.ts';
import type { Deadline } from './deadline.ts';

/**
 * Obtains credentials for a request that has been allowed, or rejects with an StsError. Retry, quota, circuit breaker
 * and counters each take a source and return one.
 *
 * @example
 * const source: Source = retry(breaker.guarded(quota.counted(clouds.credentials, 'demand')), clock);
 * const credentials = await source(allowed, { signal: AbortSignal.timeout(10_000) });
 */
export type Source = (request: MintRequest, deadline: Deadline) => Promise<Credentials>;

/** A source that may answer with what it has kept, and then says so before it does. */
export type KeepingSource = (request: MintRequest, deadline: Deadline, whenKept?: () => void) => Promise<Credentials>;
