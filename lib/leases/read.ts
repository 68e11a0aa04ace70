import type { LeaseReader } from '../core/lease-reader.ts';
import type { Store } from '../core/store.ts';
import type { LeaseSettings } from './lease.ts';
import { leaseStates } from './lease-states.ts';
import type { ShapeOf } from './shape.ts';
import { type Held, liveOf } from './state.ts';

/** Runs start every minute. */
const nextRunSeconds = 60;
/** A lease that was never tried belongs to a server that has just started. */
const firstRunSeconds = 5;

/**
 * Reads leases from the store in which runs keep them.
 *
 * @example
 * const reader = leaseReader({ leases }, store, shapeOf);
 * const reading = await reader.read('nightly-etl', new Date());
 */
export const leaseReader = (
  { leases }: Pick<LeaseSettings, 'leases'>,
  store: Store,
  shapeOf: ShapeOf,
  monotonicMs: () => number = () => performance.now(),
): LeaseReader => {
  /** When what was read last of each lease ends, by the monotonic clock: the wall clock may be set back. */
  const ends = new Map<string, { readonly accessKeyId: string; readonly endsAt: number }>();

  const isOver = (name: string, { credentials, mintedAt }: Held, now: number): boolean => {
    const { accessKeyId, expiration } = credentials;
    const known = ends.get(name);
    if (known?.accessKeyId === accessKeyId) return monotonicMs() >= known.endsAt;
    ends.set(name, { accessKeyId, endsAt: monotonicMs() + expiration.getTime() - Math.max(now, mintedAt) });
    return false;
  };

  const read: LeaseReader['read'] = async (name, now) => {
    const lease = leases.get(name);
    if (lease === undefined) return { kind: 'unknown' };
    const state = await leaseStates(store, () => now, shapeOf).read(lease);
    const held = liveOf(state, now.getTime());
    if (held !== undefined && !isOver(name, held, now.getTime())) {
      return { kind: 'credentials', credentials: held.credentials, mintedAt: new Date(held.mintedAt) };
    }
    if (state.nextTry === undefined) return { kind: 'awaited', seconds: firstRunSeconds };
    // Only runs try, so it is never sooner than the next run.
    return { kind: 'awaited', seconds: Math.max(nextRunSeconds, Math.ceil((state.nextTry - now.getTime()) / 1000)) };
  };
  return { accountOf: (name) => leases.get(name)?.account, read };
};
