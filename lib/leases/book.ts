import type { Store } from '../sts/store.ts';
import type { Lease } from './lease.ts';
import { type LeaseState, newState, readState, writeState } from './state.ts';

/** A lease without credentials is remembered for so long, in milliseconds: its failures count towards the next try. */
const memory = 24 * 3_600_000;

/** Where the states of leases are kept. */
export interface LeaseBook {
  read(lease: Lease): Promise<LeaseState>;
  /** Whether it is kept. */
  write(lease: Lease, state: LeaseState): Promise<boolean>;
}

const keyOf = ({ name }: Lease): string => `lease ${name}`;

export const leaseBook = (store: Store, now: () => Date): LeaseBook => ({
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
