import { randomUUID } from 'node:crypto';
import type { Store } from '../core/store.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';

/** The store is asked at most this often, in milliseconds, so that probes are no load on it. */
const probeIntervalMs = 1_000;

/** Answers `/ready`: whether this process should be sent requests. */
export interface Readiness {
  readonly answer: Answerer;
  /** From now on the answer is no. */
  leave(): void;
}

/**
 * A process is ready once it has read its configuration and until it is told to end. A store that is down is reported
 * but changes nothing: every other process has the same store, and requests that need none are still served.
 */
export const readiness = (store: Store, now: () => Date): Readiness => {
  let leaving = false;
  let known: { readonly at: number; readonly reachable: Promise<boolean> } | undefined;

  const isReachable = (): Promise<boolean> => {
    const at = now().getTime();
    if (known === undefined || at - known.at >= probeIntervalMs || at < known.at) {
      known = { at, reachable: store.put('ready', 'ready', new Date(at + 10_000)) };
    }
    return known.reachable;
  };

  return {
    leave: () => {
      leaving = true;
    },
    answer: async () => {
      const state = { status: leaving ? 'leaving' : 'ready', store: (await isReachable()) ? 'ok' : 'degraded' };
      return {
        status: leaving ? 503 : 200,
        headers: { 'content-type': 'application/json', ...commonHeaders(randomUUID(), now()) },
        body: JSON.stringify(state),
      };
    },
  };
};
