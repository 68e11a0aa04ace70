import type { Clock } from '../core/clock.ts';
import type { RefreshRun } from '../leases/run.ts';
import { sleep } from './sleep.ts';

const intervalMs = 60_000;
const maxRunMs = 50_000;

/** A task that runs until it is stopped. */
export interface RunningTask {
  /** Aborts the run under way; resolves once it has ended. */
  stop(): Promise<void>;
}

/**
 * Runs at once and then every minute, one run at a time. A run that fails is reported to `failed`, and the next one is
 * tried.
 *
 * @example
 * const task = runEveryMinute(leaseRefresh(brokerDeps, config, deps), console.error);
 * await task.stop();
 */
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
      await once(new Date(began + maxRunMs));
      await clock.sleep(began + intervalMs - clock.now().getTime(), signal);
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
