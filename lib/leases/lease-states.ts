import type { Store } from '../core/store.ts';
import type { Lease } from './lease.ts';
import { type LeaseState, newState, readState, writeState } from './state.ts';

/** A lease without credentials is remembered for so long, in milliseconds: its failures count towards the next try. */
const memory = 24 * 3_600_000;

/** Where the states of leases are kept. */
export interface LeaseStates {
  read(lease: Lease): Promise<LeaseState>;
  /** Whether it is kept. */
  write(lease: Lease, state: LeaseState): Promise<boolean>;
}

const keyOf = ({ name }: Lease): string => `lease ${name}`;

export const leaseStates = (store: Store, now: () => Date): LeaseStates => ({
  read: async (lease) => {
    const text = await store.get(keyOf(lease));
    const state = text === undefined ? undefined : readState(text);
    // A lease that is of another account now is another lease: readers were allowed that account's credentials.
    return state === undefined || (state.held !== undefined && state.held.account !== lease.account) ? newState : state;
  },
  write: (lease, state) => {
    const end = Math.max(state.held?.credentials.expiration.getTime() ?? 0, now().getTime() + memory);
    return store.put(keyOf(lease), writeState(state), new Date(end));
  },
});
