import type { Clock } from '../core/clock.ts';
import type { RefreshRun } from '../leases/run.ts';
import { sleep } from './sleep.ts';

const minute = 60_000;
const longestRun = 50_000;

/** Something that goes on until it is stopped. */
export interface RunningTask {
  /** Resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

/** Runs at once and then every minute, one run at a time. What goes wrong with one is told, and the next is tried. */
export const runEveryMinute = (
  run: RefreshRun,
  failed: (thrown: unknown) => void,
  clock: Pick<Clock, 'now' | 'sleep'> = { now: () => new Date(), sleep },
): RunningTask => {
  const stopping = new AbortController();
  const { signal } = stopping;

  const once = async (until: Date): Promise<void> => {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    void clock.sleep(until.getTime() - clock.now().getTime(), either).then(() => over.abort());
    try {
      await run({ signal: either, until });
    } catch (thrown) {
      failed(thrown);
    } finally {
      over.abort();
    }
  };

  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const began = clock.now().getTime();
      await once(new Date(began + longestRun));
      await clock.sleep(began + minute - clock.now().getTime(), signal);
    }
  };

  const ended = loop();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
};
