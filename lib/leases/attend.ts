import type { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { deliverAll, pendingOf } from './deliver-all.ts';
import type { LeaseDeps, RunLimits } from './deps.ts';
import type { Lease } from './lease.ts';
import { leaseStates } from './lease-states.ts';
import { refresh } from './refresh.ts';
import { report } from './report.ts';
import { isAlarming, isDue, nextTry, shapeOf } from './schedule.ts';
import { type LeaseState, liveOf } from './state.ts';

/** What a run did for one lease. */
export interface Attended {
  /** `left` is for the next run: another has it, or there was no room for it in the quota or in the run. */
  readonly mint: 'done' | 'failed' | 'left' | 'not due';
  /** Places that do not have what is held. */
  readonly pending: number;
}

/** Looks after one lease at a time. */
export interface Keeper {
  /** What is remembered of a lease, if a run has anything to do for it. */
  glance(lease: Lease): Promise<LeaseState | undefined>;
  attend(lease: Lease, limits: RunLimits): Promise<Attended>;
}

/** Beyond the end of a run, for what it was in the midst of; in milliseconds. */
const grace = 5_000;

export const leaseAttendant = (brokerDeps: LeaseDeps): Keeper => {
  const { store, clock } = brokerDeps;
  const at = (): number => clock.now().getTime();
  const book = leaseStates(store, clock.now);

  const hasWork = (lease: Lease, state: LeaseState): boolean =>
    isDue(lease, state, at()) ||
    (pendingOf(lease, state).length > 0 && liveOf(state, at()) !== undefined) ||
    (!state.reported && isAlarming(lease, state, at()));

  /** A failure of ours that says nothing of the lease: the quota had no room, or the run no time. */
  const isNobodys = (error: StsError, { signal }: RunLimits): boolean =>
    signal.aborted || (error.code === 'Throttled' && error.detail.upstream === undefined);

  const minted = async (
    lease: Lease,
    state: LeaseState,
    limits: RunLimits,
  ): Promise<{ readonly state: LeaseState; readonly mint: Attended['mint'] }> => {
    const refreshed = await refresh(brokerDeps, lease, limits);
    if ('credentials' in refreshed) {
      const { account } = lease;
      const held = { credentials: refreshed.credentials, mintedAt: at(), account, shape: shapeOf(lease) };
      const { reported } = state;
      return { state: { held, delivered: [], failures: 0, deliveryFailures: 0, reported }, mint: 'done' };
    }
    const { error } = refreshed;
    if (isNobodys(error, limits)) return { state, mint: 'left' };
    const failures = state.failures + 1;
    const expiration = liveOf(state, at())?.credentials.expiration.getTime();
    const atLeast = (error.detail.retryAfterSeconds ?? 0) * 1000;
    const next = nextTry(failures, { now: at(), chance: clock.chance(), atLeast, ...omitUndefined({ expiration }) });
    return { state: { ...state, failures, code: error.code, nextTry: next }, mint: 'failed' };
  };

  const delivered = async (lease: Lease, state: LeaseState, limits: RunLimits): Promise<LeaseState> => {
    const held = liveOf(state, at());
    if (held === undefined || pendingOf(lease, state).length === 0) return state;
    const { delivered: places, code } = await deliverAll(brokerDeps, lease, state, held, limits);
    const deliveryFailures = code === undefined ? 0 : state.deliveryFailures + 1;
    const { code: before, ...rest } = state;
    return { ...rest, delivered: places, deliveryFailures, ...omitUndefined({ code: code ?? before }) };
  };

  const told = async (lease: Lease, state: LeaseState, limits: RunLimits): Promise<LeaseState> => {
    if (!state.reported && isAlarming(lease, state, at())) {
      return { ...state, reported: await report(brokerDeps, lease, state, 'credmint.lease.failing', limits) };
    }
    const isWell = state.failures === 0 && state.deliveryFailures === 0 && !isAlarming(lease, state, at());
    if (!state.reported || !isWell) return state;
    return { ...state, reported: !(await report(brokerDeps, lease, state, 'credmint.lease.recovered', limits)) };
  };

  /** With the claim in hand, which lasts until then: whoever was frozen beyond it writes nothing down. */
  const attendAlone = async (lease: Lease, limits: RunLimits, claimed: Date): Promise<Attended> => {
    const isMine = (): boolean => clock.now() < claimed;
    // Again: whoever had the claim before may have done it since we looked.
    const before = await book.read(lease);
    let state = before;
    let mint: Attended['mint'] = 'not due';
    if (isDue(lease, state, at())) {
      ({ state, mint } = await minted(lease, state, limits));
      // Before anybody else has them: what is delivered and not remembered would be minted again at once.
      if (mint === 'done' && isMine() && !(await book.write(lease, state))) mint = 'failed';
    }
    const kept = state;
    if (isMine()) state = await delivered(lease, state, limits);
    if (isMine()) state = await told(lease, state, limits);
    const isWritten = state === before || (mint === 'done' && state === kept);
    if (isMine() && !isWritten && !(await book.write(lease, state))) mint = 'failed';
    return { mint, pending: pendingOf(lease, state).length };
  };

  return {
    glance: async (lease) => {
      const state = await book.read(lease);
      return hasWork(lease, state) ? state : undefined;
    },

    attend: async (lease, limits) => {
      const claim = `refresh ${lease.name}`;
      const claimed = new Date(limits.until.getTime() + grace);
      if (!(await store.acquire(claim, claimed))) return { mint: 'left', pending: 0 };
      try {
        return await attendAlone(lease, limits, claimed);
      } finally {
        // One that has run out may be another's by now, and is not ours to give back.
        if (clock.now() < claimed) await store.release(claim);
      }
    },
  };
};
