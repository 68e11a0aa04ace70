import { callerBehind } from '../core/caller-behind.ts';
import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { MintOperation, MintRequest } from '../core/requests.ts';
import type { Store } from '../core/store.ts';
import { adaptiveLimit } from './adaptive-limit.ts';
import { type Counters, counters } from './counters.ts';
import { FairQueue, type QueueDeps } from './fair-queue.ts';
import { instanceShare } from './instance-share.ts';
import type { Source } from './source.ts';

/** What a mint is for: a caller that waits, or a refresh ahead of time. */
export type Purpose = 'demand' | 'refresh';

/** How many calls a second an account's cloud takes for an operation; undefined if no limit is known. */
export type Ceiling = (account: string, operation: MintOperation) => number | undefined;

/** The share of each second's calls that refreshing has; callers that wait have the rest. */
const refreshShare = 0.2;

/** Makes each call wait for its turn, so that the clouds' own limits are not reached. */
export interface Quota {
  /** A source whose calls are counted. */
  counted(source: Source, purpose: Purpose): Source;
  /** Reserves a call for a demand that will soon be counted. */
  expect(request: MintRequest): void;
}

/**
 * A quota over all accounts and operations. Instances that share the store share it.
 *
 * @example
 * const source = quota((account) => limits.get(account), store, clock).counted(clouds.credentials, 'demand');
 */
export const quota = (ceiling: Ceiling, store: Store, clock: Clock, waits: Counters = counters(clock)): Quota => {
  const queues = new Map<string, FairQueue>();
  const deps: QueueDeps = { store, instance: instanceShare(store, clock), clock };
  const adaptive = adaptiveLimit(clock);

  /** Undefined if no limit is known. */
  const queueOf = ({ account, operation }: MintRequest, purpose: Purpose): FairQueue | undefined => {
    const limit = ceiling(account, operation);
    if (limit === undefined) return undefined;
    const key = `quota ${account} ${operation} ${purpose}`;
    const share = purpose === 'refresh' ? refreshShare : 1 - refreshShare;
    const queue = queues.get(key) ?? new FairQueue(key, limit * share, () => adaptive.factor(account), deps);
    queues.set(key, queue);
    return queue;
  };

  return {
    expect: (request) => void queueOf(request, 'demand')?.expect(),

    counted: (source, purpose) => async (request, deadline) => {
      const queue = queueOf(request, purpose);
      if (queue !== undefined) {
        await waits.timed(request.account, () => queue.enter(callerBehind(request.caller), deadline));
      }
      try {
        return await source(request, deadline);
      } catch (thrown) {
        const isOfCloud =
          thrown instanceof StsError && thrown.code === 'Throttled' && thrown.detail.upstream !== undefined;
        if (isOfCloud) adaptive.slow(request.account);
        throw thrown;
      }
    },
  };
};
