import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
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

/** What is looked at. */
export interface ReadinessDeps {
  readonly store: Store;
  /** Whether the audit trail takes records. */
  readonly takesRecords: () => boolean;
  /** By account that was asked so far, whether its circuit is open. */
  readonly openCircuits: () => ReadonlyMap<string, boolean>;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
}

/**
 * A process is ready once it has read its configuration and until it is told to end, unless its audit trail takes nothing:
 * then it gives nothing out. A store or a cloud that is down is named but changes nothing: every other process has the
 * same, and requests that need neither are still served.
 */
export const readiness = ({ store, takesRecords, openCircuits, clock }: ReadinessDeps): Readiness => {
  let leaving = false;
  let known: { readonly at: number; readonly reachable: Promise<boolean> } | undefined;

  const isReachable = (): Promise<boolean> => {
    const at = clock.monotonicMs();
    if (known === undefined || at - known.at >= probeIntervalMs) {
      known = { at, reachable: store.put('ready', 'ready', new Date(clock.now().getTime() + 10_000)) };
    }
    return known.reachable;
  };

  const degraded = async (): Promise<readonly string[]> => [
    ...(takesRecords() ? [] : ['audit']),
    ...((await isReachable()) ? [] : ['store']),
    ...[...openCircuits()].flatMap(([account, isOpen]) => (isOpen ? [`account ${account}`] : [])),
  ];

  return {
    leave: () => {
      leaving = true;
    },
    answer: async () => {
      const status = leaving ? 'leaving' : takesRecords() ? 'ready' : 'not ready';
      return {
        status: status === 'ready' ? 200 : 503,
        headers: { 'content-type': 'application/json', ...commonHeaders(randomUUID(), clock.now()) },
        body: JSON.stringify({ status, degraded: await degraded() }),
      };
    },
  };
};
