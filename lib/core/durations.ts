/** In seconds: from a cached answer to one at a caller's deadline. */
export const durationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** How often something was done, and how long it took. */
export interface Durations {
  readonly count: number;
  /** All of them together. */
  readonly milliseconds: number;
  /** How many were at most as long as each bound and longer than the one before it; the last were longer than all. */
  readonly buckets: readonly number[];
}

/** Durations that are counted as they come. */
export interface CountedDurations extends Durations {
  add(milliseconds: number): void;
}

/** No durations yet. */
export const countDurations = (): CountedDurations => {
  const buckets = Array<number>(durationBounds.length + 1).fill(0);
  let count = 0;
  let total = 0;
  return {
    get count() {
      return count;
    },
    get milliseconds() {
      return total;
    },
    buckets,
    add: (milliseconds) => {
      const bound = durationBounds.findIndex((seconds) => milliseconds <= seconds * 1000);
      const bucket = bound < 0 ? durationBounds.length : bound;
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      count++;
      total += milliseconds;
    },
  };
};
