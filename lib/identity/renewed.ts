import type { AccessKey } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import { untilAborted } from '../core/until-aborted.ts';

/** A key that ends, or one that nobody has to renew. */
export interface RenewableKey {
  readonly key: AccessKey;
  /** Absent: the key is read anew each time. */
  readonly expiration?: Date;
}

/** Returns the current key; rejects if there is none. */
export type CurrentKey = (signal: AbortSignal) => Promise<AccessKey>;

/** A new key is fetched this long before the old one ends: its source has the new one ready by then. */
const renewEarlyMs = 5 * 60_000;

/** After a fetch that failed, the key that is still valid is used for so long before the next fetch. */
const pauseMs = 15_000;

/** All who wait share one fetch, so it does not end when the first of them gives up. */
const maxFetchMs = 4_000;

const failure = (thrown: unknown): StsError =>
  thrown instanceof StsError
    ? thrown
    : new StsError('CloudUnavailable', 'The identity of this process cannot be obtained now.');

/**
 * A key that is fetched when it is first needed and again before it ends, by one fetch at a time. While fetching fails,
 * the last key is used until it ends.
 *
 * @example
 * const current = renewed(async (signal) => readKey(await transport(question, signal)), () => new Date());
 * const key = await current(AbortSignal.timeout(1_000));
 */
export const renewed = (
  fetch: (signal: AbortSignal) => Promise<RenewableKey>,
  now: () => Date,
  monotonicMs: () => number = () => performance.now(),
): CurrentKey => {
  let held: RenewableKey | undefined;
  let fetching: Promise<AccessKey> | undefined;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  /** When what is held ends, by the monotonic clock. */
  let endsAt = 0;

  const leftMs = (): number => (held?.expiration?.getTime() ?? 0) - now().getTime();
  /** By whichever clock says the less: the wall clock may be set back. */
  const remainingMs = (): number => Math.min(leftMs(), endsAt - monotonicMs());

  const fetchOnce = async (): Promise<AccessKey> => {
    try {
      const signal = AbortSignal.timeout(maxFetchMs);
      // A file may be read that does not answer, as on a network.
      held = await untilAborted(fetch(signal), { signal });
      endsAt = monotonicMs() + leftMs();
      return held.key;
    } catch (thrown) {
      pausedUntil = monotonicMs() + pauseMs;
      if (held !== undefined && remainingMs() > 0) return held.key;
      throw failure(thrown);
    }
  };

  return (signal) => {
    const isPaused = monotonicMs() < pausedUntil;
    if (held !== undefined && remainingMs() > (isPaused ? 0 : renewEarlyMs)) return Promise.resolve(held.key);
    fetching ??= fetchOnce().finally(() => {
      fetching = undefined;
    });
    return untilAborted(fetching, { signal });
  };
};
