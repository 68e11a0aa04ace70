import { StsError } from '../core/errors.ts';
import { mapConcurrent } from '../core/map-concurrent.ts';
import { leaseAttendant } from './attend.ts';
import type { LeaseDeps, RunLimits } from './deps.ts';
import type { Lease } from './lease.ts';
import type { LeaseState } from './state.ts';

/** What a run did. */
export interface RunSummary {
  readonly refreshed: number;
  readonly failed: number;
  /** What was to be done and is left for another run, or is being done by one. */
  readonly skipped: number;
  /** Leases of which some place does not have the credentials yet. */
  readonly pending: number;
}

export type RefreshRun = (limits: RunLimits) => Promise<RunSummary>;

/** How many leases are looked after at once: clouds answer in tens of milliseconds, so this is hundreds a second. */
const mostAtOnce = 32;

interface Task {
  readonly lease: Lease;
  readonly state: LeaseState;
}

const endOf = ({ state }: Task): number => state.held?.credentials.expiration.getTime() ?? 0;

/** Looks after every lease that has anything to be done, those that end first before the others. */
export const createRun = (brokerDeps: LeaseDeps): RefreshRun => {
  const { settings, store, clock } = brokerDeps;
  const { glance, attend } = leaseAttendant(brokerDeps);

  return async (limits) => {
    const tasks: Task[] = [];
    await mapConcurrent([...settings.leases.values()], mostAtOnce, limits.signal, async (lease) => {
      const state = await glance(lease);
      if (state !== undefined) tasks.push({ lease, state });
    });
    tasks.sort((one, other) => endOf(one) - endOf(other));

    let refreshed = 0;
    let failed = 0;
    let pending = 0;
    let attended = 0;
    await mapConcurrent(tasks, mostAtOnce, limits.signal, async ({ lease }) => {
      const done = await attend(lease, limits);
      if (done.mint !== 'left') attended++;
      if (done.mint === 'done') refreshed++;
      if (done.mint === 'failed') failed++;
      if (done.pending > 0) pending++;
    });

    const skipped = tasks.length - attended;
    // A store that is down says that everything is another's. Nobody looks after anything then, and somebody must hear.
    const isAlone = attended === 0 && tasks.length > 0;
    if (isAlone && !(await store.put('refresh reached', '1', new Date(clock.now().getTime() + 10_000)))) {
      throw new StsError('CloudUnavailable', 'The store cannot be reached, so no lease was looked after.');
    }
    return { refreshed, failed, skipped, pending };
  };
};
