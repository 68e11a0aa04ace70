import type { Clock } from '../core/clock.ts';
import type { FaultListener } from '../core/fault-listener.ts';

/** Between probes of a store that is down: so that it is felt soon when it is back. */
const firstPauseMs = 500;
const maxPauseMs = 4_000;

/**
 * Knows whether a store is down. After the first request that it did not answer, it is asked nothing for a while, so
 * that only those requests wait for a store that hangs that were sent before; then one probe asks for all.
 */
export interface StoreBreaker {
  /** Whether the store is left alone. */
  isOpen(): boolean;
  /** Returns true for one caller when a probe is due: it must say what came of it. */
  takeProbe(): boolean;
  answered(): void;
  /** A request that is not the probe was not answered. */
  failed(thrown: unknown): void;
  /** The probe was not answered. */
  probeFailed(thrown: unknown): void;
  /** The store answered that it does not do what was asked. */
  refused(thrown: unknown): void;
}

/**
 * A closed breaker.
 *
 * @example
 * const breaker = storeBreaker(clock);
 * const store = redisStore(server, clock.now, 500, breaker);
 */
export const storeBreaker = ({ monotonicMs }: Pick<Clock, 'monotonicMs'>, faults?: FaultListener): StoreBreaker => {
  let open = false;
  let probing = false;
  let pauseMs = firstPauseMs;
  let probeAt = 0;

  const rest = (milliseconds: number): void => {
    pauseMs = milliseconds;
    probeAt = monotonicMs() + milliseconds;
  };

  return {
    isOpen: () => open,
    takeProbe: () => {
      if (probing || monotonicMs() < probeAt) return false;
      probing = true;
      return true;
    },
    answered: () => {
      faults?.answered();
      open = false;
      probing = false;
    },
    failed: (thrown) => {
      faults?.failed(thrown);
      if (open) return;
      open = true;
      rest(firstPauseMs);
    },
    refused: (thrown) => faults?.refused(thrown),
    probeFailed: (thrown) => {
      faults?.failed(thrown);
      probing = false;
      rest(Math.min(pauseMs * 2, maxPauseMs));
    },
  };
};
