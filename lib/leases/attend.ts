import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { deliverAll, pendingOf } from './deliver-all.ts';
import type { LeaseDeps, RunLimits } from './deps.ts';
import type { Lease } from './lease.ts';
import { leaseStates } from './lease-states.ts';
import { refresh } from './refresh.ts';
import { report } from './report.ts';
import { isAlarming, isDue, nextRefreshAt, nextTry } from './schedule.ts';
import { type LeaseState, liveOf } from './state.ts';
import { statusOf } from './status.ts';

/** What a run did for one lease. */
export interface Attended {
  /** `skipped` is left for the next run: another instance has it, or neither the quota nor the run had time for it. */
  readonly mint: 'done' | 'failed' | 'skipped' | 'not due';
  /** How many targets do not have the credentials that are held. */
  readonly pending: number;
}

/** Does what one lease needs: refreshes, delivers and reports. */
export interface LeaseAttendant {
  /** The state of a lease, if a run has anything to do for it. */
  stateIfDue(lease: Lease): Promise<LeaseState | undefined>;
  attend(lease: Lease, limits: RunLimits): Promise<Attended>;
}

/** How long a lease stays claimed beyond the end of the run, for what the run had begun. */
const graceMs = 5_000;

/**
 * Attends to leases, one at a time each, across all instances that share the store.
 *
 * @example
 * const { stateIfDue, attend } = leaseAttendant(deps);
 * if ((await stateIfDue(lease)) !== undefined) await attend(lease, { signal, until });
 */
export const leaseAttendant = (deps: LeaseDeps): LeaseAttendant => {
  const { store, clock } = deps;
  const at = (): number => clock.now().getTime();
  const states = leaseStates(store, clock.now, deps.shapeOf);

  /** By lease, when what was looked at is due by the monotonic clock: the wall clock may be set back. */
  const dues = new Map<string, { readonly what: string; readonly dueAtMs: number }>();

  const isDueNow = (lease: Lease, state: LeaseState): boolean => {
    const now = at();
    const what = `${state.held?.credentials.accessKeyId} ${state.nextTry}`;
    const known = dues.get(lease.name);
    if (known?.what === what) return clock.monotonicMs() >= known.dueAtMs || isDue(lease, state, now);
    dues.set(lease.name, { what, dueAtMs: clock.monotonicMs() + nextRefreshAt(lease, state, now) - now });
    return isDue(lease, state, now);
  };

  const observe = (lease: Lease, state: LeaseState): void => {
    const now = clock.now();
    deps.observe?.(statusOf(lease, state, now.getTime()), now);
  };

  const hasWork = (lease: Lease, state: LeaseState): boolean =>
    isDueNow(lease, state) ||
    (pendingOf(lease, state).length > 0 && liveOf(state, at()) !== undefined) ||
    (!state.reported && isAlarming(lease, state, at()));

  /** Whether a failure says nothing of the lease: our own quota was used up, or the run ended. */
  const isUnrelated = (error: StsError, { signal }: RunLimits): boolean =>
    signal.aborted || (error.code === 'Throttled' && error.detail.upstream === undefined);

  const afterRefresh = async (
    lease: Lease,
    state: LeaseState,
    limits: RunLimits,
  ): Promise<{ readonly state: LeaseState; readonly mint: Attended['mint'] }> => {
    try {
      const mintedAt = at();
      const { credentials, durationSeconds } = await refresh(deps, lease, limits);
      const lifeMs = Math.min(credentials.expiration.getTime() - mintedAt, durationSeconds * 1000);
      const held = { credentials, mintedAt, lifeMs, shape: deps.shapeOf(lease, mintedAt) ?? '' };
      const { reported } = state;
      return { state: { held, delivered: [], failures: 0, deliveryFailures: 0, reported }, mint: 'done' };
    } catch (thrown) {
      const error = StsError.from(thrown);
      if (isUnrelated(error, limits)) return { state, mint: 'skipped' };
      const failures = state.failures + 1;
      const expiration = liveOf(state, at())?.credentials.expiration.getTime();
      const minPauseMs = (error.detail.retryAfterSeconds ?? 0) * 1000;
      const next = nextTry(failures, {
        now: at(),
        chance: clock.chance(),
        minPauseMs,
        ...omitUndefined({ expiration }),
      });
      return { state: { ...state, failures, code: error.code, nextTry: next }, mint: 'failed' };
    }
  };

  const afterDeliveries = async (lease: Lease, state: LeaseState, limits: RunLimits): Promise<LeaseState> => {
    const held = liveOf(state, at());
    if (held === undefined || pendingOf(lease, state).length === 0) return state;
    const { delivered, code } = await deliverAll(deps, lease, state, held, limits);
    const deliveryFailures = code === undefined ? 0 : state.deliveryFailures + 1;
    const { code: before, ...rest } = state;
    return omitUndefined<LeaseState>({ ...rest, delivered, deliveryFailures, code: code ?? before });
  };

  const afterReport = async (lease: Lease, state: LeaseState, limits: RunLimits): Promise<LeaseState> => {
    if (!state.reported && isAlarming(lease, state, at())) {
      return { ...state, reported: await report(deps, lease, state, 'credmint.lease.failing', limits) };
    }
    const isWell = state.failures === 0 && state.deliveryFailures === 0 && !isAlarming(lease, state, at());
    if (!state.reported || !isWell) return state;
    return { ...state, reported: !(await report(deps, lease, state, 'credmint.lease.recovered', limits)) };
  };

  /** Runs while the lease is claimed. An instance that was suspended beyond the claim's end writes nothing. */
  const attendClaimed = async (lease: Lease, limits: RunLimits, claimedUntil: Date): Promise<Attended> => {
    const isClaimed = (): boolean => clock.now() < claimedUntil;
    // Read again: the holder of the claim before us may have done the work since `stateIfDue`.
    const before = await states.read(lease);
    let state = before;
    let mint: Attended['mint'] = 'not due';
    if (isDueNow(lease, state)) {
      ({ state, mint } = await afterRefresh(lease, state, limits));
      // Written before they are delivered: credentials that are delivered and not remembered would be minted again.
      if (mint === 'done' && isClaimed() && !(await states.write(lease, state))) mint = 'failed';
    }
    const kept = state;
    if (isClaimed()) state = await afterDeliveries(lease, state, limits);
    if (isClaimed()) state = await afterReport(lease, state, limits);
    const isWritten = state === before || (mint === 'done' && state === kept);
    if (isClaimed() && !isWritten && !(await states.write(lease, state))) mint = 'failed';
    observe(lease, state);
    return { mint, pending: pendingOf(lease, state).length };
  };

  return {
    stateIfDue: async (lease) => {
      const state = await states.read(lease);
      observe(lease, state);
      return hasWork(lease, state) ? state : undefined;
    },

    attend: async (lease, limits) => {
      const claim = `refresh ${lease.name}`;
      const claimedUntil = new Date(limits.until.getTime() + graceMs);
      if (!(await store.acquire(claim, claimedUntil))) return { mint: 'skipped', pending: 0 };
      try {
        return await attendClaimed(lease, limits, claimedUntil);
      } finally {
        // A claim that has run out may be another instance's by now, and is not ours to release.
        if (clock.now() < claimedUntil) await store.release(claim);
      }
    },
  };
};
