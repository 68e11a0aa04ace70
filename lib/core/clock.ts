/**
 * Time and randomness, handed in so that a test controls them.
 *
 * @example
 * ```ts
 * const clock: Clock = {
 *   now: () => new Date('2026-11-22T02:34:16Z'),
 *   sleep: async () => undefined,
 *   chance: () => 0.5,
 * };
 * ```
 */
export interface Clock {
  now(): Date;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0, included, to 1, excluded. */
  chance(): number;
}
