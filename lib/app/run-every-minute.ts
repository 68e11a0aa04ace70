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
  clock: Pick<Clock, 'now' | 'monotonicMs' | 'sleep'> = {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    sleep,
  },
): RunningTask => {
  const stopping = new AbortController();
  const { signal } = stopping;

  const once = async (): Promise<void> => {
    const until = new Date(clock.now().getTime() + maxRunMs);
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    void clock.sleep(maxRunMs, either).then(() => over.abort());
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
      // A wall clock that is set back would make the next run wait for as long.
      const began = clock.monotonicMs();
      await once();
      await clock.sleep(began + intervalMs - clock.monotonicMs(), signal);
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
