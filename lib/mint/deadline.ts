import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { Deadline, Source } from './cloud-source.ts';

/** What is under way for many, if this one can wait for it. It goes on for the others. */
export const untilAborted = <Value>(flight: Promise<Value>, { signal }: Deadline): Promise<Value> =>
  new Promise((resolve, reject) => {
    const leave = (): void => reject(new StsError('CloudUnavailable', 'The cloud did not answer in time.'));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    flight.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });

/** How long one call may take, in milliseconds: less than callers wait, so that one that hangs can be made again. */
const longestCall = 4_000;

/** A source each of whose calls is given up after a while. */
export const withTimeout =
  (source: Source, clock: Clock): Source =>
  async (request, deadline) => {
    const late = new AbortController();
    const done = new AbortController();
    void clock.sleep(longestCall, done.signal).then(() => late.abort());
    try {
      return await source(request, { signal: AbortSignal.any([deadline.signal, late.signal]) });
    } finally {
      done.abort();
    }
  };
