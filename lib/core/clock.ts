/**
 * Time and randomness, handed in so that a test controls them.
 *
 * @example
 * ```ts
 * const clock: Clock = {
 *   now: () => new Date('2026-11-22T02:34:16Z'),
 *   monotonicMs: () => performance.now(),
 *   sleep: async () => undefined,
 *   chance: () => 0.5,
 * };
 * ```
 */
export interface Clock {
  /** The wall clock: it may be set, forwards or back. For instants that others know too, such as expirations. */
  now(): Date;
  /** Milliseconds since some instant; never goes back. For durations. */
  monotonicMs(): number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0, included, to 1, excluded. */
  chance(): number;
}
