import type { Clock } from '../core/clock.ts';
import type { Source } from './source.ts';

/** How long one call may take: less than callers wait, so that a call that hangs can be retried. */
const maxCallMs = 4_000;

/** A source that aborts each call after `maxCallMs`. */
export const withTimeout =
  (source: Source, clock: Clock): Source =>
  async (request, deadline) => {
    const late = new AbortController();
    const done = new AbortController();
    void clock.sleep(maxCallMs, done.signal).then(() => late.abort());
    try {
      return await source(request, { signal: AbortSignal.any([deadline.signal, late.signal]) });
    } finally {
      done.abort('answered');
    }
  };
