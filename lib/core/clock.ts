/** Time and chance, handed in so that a test can hold them still. */
export interface Clock {
  now(): Date;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0, included, to 1, excluded. */
  chance(): number;
}
