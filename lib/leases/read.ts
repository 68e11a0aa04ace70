import type { LeaseReader } from '../core/lease-reader.ts';
import type { Store } from '../core/store.ts';
import type { LeaseSettings } from './lease.ts';
import { leaseStates } from './lease-states.ts';
import { liveOf } from './state.ts';

/** Runs come every minute: what is not there now may be there this many seconds later. */
const untilNextRun = 60;
/** A lease that nobody has tried yet is one of a server that has just begun. */
const untilFirst = 5;

/** Where leases are read, from the store in which runs keep them. */
export const leaseReader = ({ leases }: Pick<LeaseSettings, 'leases'>, store: Store): LeaseReader => ({
  accountOf: (name) => leases.get(name)?.account,
  read: async (name, now) => {
    const lease = leases.get(name);
    if (lease === undefined) return { kind: 'unknown' };
    const state = await leaseStates(store, () => now).read(lease);
    const held = liveOf(state, now.getTime());
    if (held !== undefined) return { kind: 'credentials', credentials: held.credentials };
    if (state.nextTry === undefined) return { kind: 'awaited', seconds: untilFirst };
    // Whenever it may be tried, it is tried by a run.
    return { kind: 'awaited', seconds: Math.max(untilNextRun, Math.ceil((state.nextTry - now.getTime()) / 1000)) };
  },
});
