import { StsError } from '../core/errors.ts';
import type { Source } from './source.ts';

/** Calls of one account at once; each has a socket of its own. */
const maxCallsPerAccount = 256;

interface Slots {
  free: number;
  readonly waiting: Set<() => void>;
}

/**
 * A source with at most 256 calls of an account at once. The others wait here, until their deadline, and not within the
 * time that a call may take.
 */
export const limitConcurrency = (source: Source, maxCalls = maxCallsPerAccount): Source => {
  const slots = new Map<string, Slots>();

  const leave = (mine: Slots): void => {
    const [next] = mine.waiting;
    if (next === undefined) mine.free++;
    else {
      mine.waiting.delete(next);
      next();
    }
  };

  const enter = (mine: Slots, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (mine.free > 0) {
        mine.free--;
        resolve();
        return;
      }
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        mine.waiting.delete(admit);
        reject(new StsError('Throttled', 'Too many calls to the cloud are under way.', { retryAfterSeconds: 1 }));
      };
      mine.waiting.add(admit);
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
    });

  return async (request, deadline) => {
    const mine = slots.get(request.account) ?? { free: maxCalls, waiting: new Set() };
    slots.set(request.account, mine);
    await enter(mine, deadline.signal);
    try {
      return await source(request, deadline);
    } finally {
      leave(mine);
    }
  };
};
