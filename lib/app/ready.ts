import { randomUUID } from 'node:crypto';
import type { Store } from '../core/store.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';

/** How long what was found out about the store is believed, in milliseconds: probes must not be its load. */
const believed = 1_000;

/** Whether a process should be sent requests. */
export interface Readiness {
  readonly answer: Answerer;
  /** From now on it should not. */
  leave(): void;
}

/**
 * Ready is who has read its configuration and is not leaving. A store that is down is said, and no reason to be sent
 * nothing: every other process has the same store, and what needs none is still served.
 */
export const readiness = (store: Store, now: () => Date): Readiness => {
  let leaving = false;
  let known: { readonly at: number; readonly reachable: Promise<boolean> } | undefined;

  const isReachable = (): Promise<boolean> => {
    const at = now().getTime();
    if (known === undefined || at - known.at >= believed || at < known.at) {
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
