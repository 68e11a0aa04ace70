import { callerBehind } from '../core/caller-behind.ts';
import { StsError } from '../core/errors.ts';
import { type FairShares, fairShares } from '../core/fair-shares.ts';
import type { Source } from './source.ts';

/** Calls of one account at once, of which a caller that is alone has half; each has a socket of its own. */
const maxCallsPerAccount = 512;

/** The calls of one account. Each caller has a line of its own. */
interface Slots {
  readonly shares: FairShares;
  readonly lines: Map<string, Set<() => void>>;
}

/**
 * A source with at most 512 calls of an account at once, of which no caller takes all: one whose calls are slow delays only
 * itself. The others wait here, until their deadline, and not within the time that a call may take.
 */
export const limitConcurrency = (source: Source, maxCalls = maxCallsPerAccount): Source => {
  const slots = new Map<string, Slots>();

  /** Admits the first of a line that has room; that line then goes to the back. */
  const admitNext = ({ shares, lines }: Slots): boolean => {
    for (const [caller, line] of lines) {
      if (!shares.hasRoom(caller)) continue;
      const [next] = line;
      lines.delete(caller);
      if (next === undefined) continue;
      line.delete(next);
      if (line.size > 0) lines.set(caller, line);
      shares.add(caller);
      next();
      return true;
    }
    return false;
  };

  const leave = (mine: Slots, caller: string): void => {
    mine.shares.remove(caller);
    while (admitNext(mine));
  };

  const enter = ({ shares, lines }: Slots, caller: string, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (shares.hasRoom(caller)) {
        shares.add(caller);
        resolve();
        return;
      }
      const line = lines.get(caller) ?? new Set();
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        line.delete(admit);
        reject(new StsError('Throttled', 'Too many calls to the cloud are under way.', { retryAfterSeconds: 1 }));
      };
      lines.set(caller, line.add(admit));
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
    });

  return async (request, deadline) => {
    const mine = slots.get(request.account) ?? { shares: fairShares(maxCalls), lines: new Map() };
    slots.set(request.account, mine);
    const caller = callerBehind(request.caller);
    await enter(mine, caller, deadline.signal);
    try {
      return await source(request, deadline);
    } finally {
      leave(mine, caller);
    }
  };
};
