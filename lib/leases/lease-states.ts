import type { Store } from '../core/store.ts';
import type { Lease } from './lease.ts';
import type { ShapeOf } from './shape.ts';
import { type LeaseState, newState, readState, writeState } from './state.ts';

/** How long the state of a lease without credentials is kept: the next try is after a pause by its failures. */
const memoryMs = 24 * 3_600_000;

/** Keeps what is remembered of leases. */
export interface LeaseStates {
  read(lease: Lease): Promise<LeaseState>;
  /** Resolves to whether it is kept. */
  write(lease: Lease, state: LeaseState): Promise<boolean>;
}

const keyOf = ({ name }: Lease): string => `lease ${name}`;

export const leaseStates = (store: Store, now: () => Date, shapeOf: ShapeOf): LeaseStates => ({
  read: async (lease) => {
    const text = await store.get(keyOf(lease));
    const state = text === undefined ? undefined : readState(text);
    const { held } = state ?? {};
    // A lease that is configured otherwise is another lease: its readers may have what it is now, and nothing wider.
    const isOther = held !== undefined && held.shape !== shapeOf(lease, held.mintedAt);
    return state === undefined || isOther ? newState : state;
  },
  write: (lease, state) => {
    const end = Math.max(state.held?.credentials.expiration.getTime() ?? 0, now().getTime() + memoryMs);
    return store.put(keyOf(lease), writeState(state), new Date(end));
  },
});
