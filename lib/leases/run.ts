import { StsError } from '../core/errors.ts';
import { mapConcurrent } from '../core/map-concurrent.ts';
import { leaseAttendant } from './attend.ts';
import type { LeaseDeps, RunLimits } from './deps.ts';
import type { Lease } from './lease.ts';

/** What a run did. */
export interface RunSummary {
  readonly refreshed: number;
  readonly failed: number;
  /** Leases with work left for another run, or done by one. */
  readonly skipped: number;
  /** Leases of which some target does not have the credentials yet. */
  readonly pending: number;
}

export type RefreshRun = (limits: RunLimits) => Promise<RunSummary>;

/** How many leases are attended to at once. Clouds answer in tens of milliseconds, so this is hundreds a second. */
const maxAtOnce = 32;

interface Task {
  readonly lease: Lease;
  /** When the credentials that are held end, in milliseconds since 1970; 0 if there are none. */
  readonly endsAt: number;
}

/**
 * A run attends to every lease that needs it, those whose credentials end first before the others.
 *
 * @example
 * const run = createRun(deps);
 * const { refreshed, failed } = await run({ signal: AbortSignal.timeout(50_000), until });
 */
export const createRun = (deps: LeaseDeps): RefreshRun => {
  const { settings, store, clock } = deps;
  const { stateIfDue, attend } = leaseAttendant(deps);

  return async (limits) => {
    const tasks: Task[] = [];
    await mapConcurrent([...settings.leases.values()], maxAtOnce, limits.signal, async (lease) => {
      const state = await stateIfDue(lease);
      if (state !== undefined) tasks.push({ lease, endsAt: state.held?.credentials.expiration.getTime() ?? 0 });
    });
    tasks.sort((one, other) => one.endsAt - other.endsAt);

    let refreshed = 0;
    let failed = 0;
    let pending = 0;
    let attended = 0;
    await mapConcurrent(tasks, maxAtOnce, limits.signal, async ({ lease }) => {
      const done = await attend(lease, limits);
      if (done.mint !== 'skipped') attended++;
      if (done.mint === 'done') refreshed++;
      if (done.mint === 'failed') failed++;
      if (done.pending > 0) pending++;
    });

    const skipped = tasks.length - attended;
    // A store that is down refuses every claim, as if another instance had it. Then no instance attends to anything,
    // and the operator must hear of it.
    const isSuspect = attended === 0 && tasks.length > 0;
    if (isSuspect && !(await store.put('refresh reached', '1', new Date(clock.now().getTime() + 10_000)))) {
      throw new StsError('CloudUnavailable', 'The store cannot be reached, so no lease was refreshed.');
    }
    return { refreshed, failed, skipped, pending };
  };
};
