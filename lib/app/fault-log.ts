import { type Cause, causeInWords, causeOf } from '../core/cause.ts';
import type { Clock } from '../core/clock.ts';
import type { FaultListener } from '../core/fault-listener.ts';
import type { Log, LogFields } from '../telemetry/log.ts';

/** How long was waited, if who waited says so. */
const afterMsOf = (thrown: unknown): number | undefined =>
  thrown instanceof Error && 'afterMs' in thrown && typeof thrown.afterMs === 'number' ? thrown.afterMs : undefined;

/** A refusal for the same reason is said again after so long, in milliseconds. */
const repeatMs = 60_000;

/**
 * Logs each fault once, with its cause: again only if the cause is another, and once when it is over.
 *
 * @example
 * const faults = faultLog(log, 'the store', { store: 'redis, cache.example:6379' }, clock);
 */
export const faultLog = (
  log: Log,
  what: string,
  fields: LogFields,
  { monotonicMs }: Pick<Clock, 'monotonicMs'>,
): FaultListener => {
  let failing: Cause | undefined;
  const refusedAt = new Map<Cause, number>();
  return {
    failed: (thrown) => {
      const cause = causeOf(thrown);
      if (cause === failing) return;
      failing = cause;
      log('warn', `${what} does not answer`, { ...fields, cause: causeInWords(cause), afterMs: afterMsOf(thrown) });
    },
    refused: (thrown) => {
      const cause = causeOf(thrown);
      const at = monotonicMs();
      if (at - (refusedAt.get(cause) ?? Number.NEGATIVE_INFINITY) < repeatMs) return;
      refusedAt.set(cause, at);
      log('warn', `${what} refuses`, { ...fields, cause: causeInWords(cause) });
    },
    answered: () => {
      if (failing === undefined) return;
      failing = undefined;
      log('info', `${what} answers again`, fields);
    },
  };
};
