import type { Store } from '../core/store.ts';
import type { Lease } from './lease.ts';
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

export const leaseStates = (store: Store, now: () => Date): LeaseStates => ({
  read: async (lease) => {
    const text = await store.get(keyOf(lease));
    const state = text === undefined ? undefined : readState(text);
    // A lease whose account has changed is another lease: its readers were allowed the new account's credentials only.
    return state === undefined || (state.held !== undefined && state.held.account !== lease.account) ? newState : state;
  },
  write: (lease, state) => {
    const end = Math.max(state.held?.credentials.expiration.getTime() ?? 0, now().getTime() + memoryMs);
    return store.put(keyOf(lease), writeState(state), new Date(end));
  },
});
