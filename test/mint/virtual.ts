import type { Clock } from '../../lib/sts/clock.ts';

/** A clock that stands still until a test moves it; chance is a seeded sequence. */
export interface VirtualClock extends Clock {
  /** Lets time pass, waking each sleeper at its own moment, and everything that follows from it. */
  pass(milliseconds: number): Promise<void>;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export const virtualClock = (start = Date.parse('2026-11-22T12:00:00Z'), seed = 1): VirtualClock => {
  let at = start;
  let state = seed;
  const sleepers = new Set<Sleeper>();
  const settle = async (): Promise<void> => {
    // Promises that wait on promises: many turns, none of which takes time.
    for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return {
    now: () => new Date(at),
    chance: () => {
      // A linear congruential generator (Numerical Recipes), good enough to be different each time and the same each run.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const sleeper = {
          at: at + Math.max(0, milliseconds),
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        if (signal?.aborted) sleeper.wake();
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    settle,
    pass: async (milliseconds) => {
      const until = at + milliseconds;
      await settle();
      for (;;) {
        const [next] = [...sleepers].filter((sleeper) => sleeper.at <= until).sort((one, other) => one.at - other.at);
        if (next === undefined) break;
        at = next.at;
        next.wake();
        await settle();
      }
      at = until;
      await settle();
    },
  };
};
