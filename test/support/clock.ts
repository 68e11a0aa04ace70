import type { Clock } from '../../lib/core/clock.ts';

/** A clock that stands still until a test moves it; chance is a seeded sequence. */
export interface VirtualClock extends Clock {
  /** Lets time pass, waking the sleepers of each moment together, and everything that follows from it. */
  pass(milliseconds: number): Promise<void>;
  /** Sets the wall clock forwards or back, and leaves the monotonic one alone. */
  jump(milliseconds: number): void;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
}

/** Who sleeps until an instant, by instant; the instants in a heap, the nearest first. */
const sleepersByInstant = () => {
  const byInstant = new Map<number, Set<() => void>>();
  const heap: number[] = [];
  const swap = (one: number, other: number): void => {
    [heap[one], heap[other]] = [heap[other] as number, heap[one] as number];
  };
  const less = (one: number, other: number): boolean => (heap[one] as number) < (heap[other] as number);
  const rise = (from: number): void => {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!less(index, parent)) return;
      swap(index, parent);
      index = parent;
    }
  };
  const sink = (): void => {
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let least = index;
      if (left < heap.length && less(left, least)) least = left;
      if (right < heap.length && less(right, least)) least = right;
      if (least === index) return;
      swap(index, least);
      index = least;
    }
  };
  return {
    add: (at: number, wake: () => void): void => {
      const awaiting = byInstant.get(at);
      if (awaiting !== undefined) {
        awaiting.add(wake);
        return;
      }
      byInstant.set(at, new Set([wake]));
      rise(heap.push(at) - 1);
    },
    leave: (at: number, wake: () => void): void => {
      byInstant.get(at)?.delete(wake);
    },
    /** The nearest instant until then at which anybody wakes, and who; nobody else sleeps until then any more. */
    next: (until: number): { readonly at: number; readonly all: readonly (() => void)[] } | undefined => {
      for (;;) {
        const at = heap[0];
        if (at === undefined || at > until) return undefined;
        const last = heap.pop() as number;
        if (heap.length > 0) heap[0] = last;
        sink();
        const all = [...(byInstant.get(at) ?? [])];
        byInstant.delete(at);
        if (all.length > 0) return { at, all };
      }
    },
  };
};

/** `turns` of the event loop belong to one moment: one is enough if nothing but promises and sleepers is awaited. */
export const virtualClock = (start = Date.parse('2026-11-22T12:00:00Z'), seed = 1, turns = 50): VirtualClock => {
  let at = start;
  let jumpedMs = 0;
  let state = seed;
  const sleepers = sleepersByInstant();
  const settle = async (): Promise<void> => {
    // Promises that wait on promises: many turns, none of which takes time.
    for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return {
    now: () => new Date(at + jumpedMs),
    monotonicMs: () => at - start,
    jump: (milliseconds) => {
      jumpedMs += milliseconds;
    },
    chance: () => {
      // A linear congruential generator (Numerical Recipes), good enough to be different each time and the same each run.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const until = at + Math.max(0, milliseconds);
        const wake = (): void => {
          sleepers.leave(until, wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        if (signal?.aborted) {
          resolve();
          return;
        }
        sleepers.add(until, wake);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    settle,
    pass: async (milliseconds) => {
      const until = at + milliseconds;
      await settle();
      for (;;) {
        const next = sleepers.next(until);
        if (next === undefined) break;
        at = next.at;
        for (const wake of next.all) wake();
        await settle();
      }
      at = until;
      await settle();
    },
  };
};
