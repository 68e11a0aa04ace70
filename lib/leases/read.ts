import { StsError } from '../core/errors.ts';
import type { LeaseReader } from '../core/lease-reader.ts';
import type { LeaseStatus } from '../core/lease-status.ts';
import { mapConcurrent } from '../core/map-concurrent.ts';
import type { Store } from '../core/store.ts';
import type { LeaseSettings } from './lease.ts';
import { type LeaseStates, leaseStates } from './lease-states.ts';
import type { ShapeOf } from './shape.ts';
import { type Held, liveOf } from './state.ts';
import { statusOf } from './status.ts';

/** Runs start every minute. */
const nextRunSeconds = 60;
/** A lease that was never tried belongs to a server that has just started. */
const firstRunSeconds = 5;

/** How many leases are read at once to be listed. */
const maxAtOnce = 32;

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

  const isOver = (name: string, { credentials, mintedAt, lifeMs }: Held, now: number): boolean => {
    const { accessKeyId, expiration } = credentials;
    const known = ends.get(name);
    if (known?.accessKeyId === accessKeyId) return monotonicMs() >= known.endsAt;
    const end = Math.min(expiration.getTime(), mintedAt + lifeMs);
    ends.set(name, { accessKeyId, endsAt: monotonicMs() + end - Math.max(now, mintedAt) });
    return false;
  };

  let sorted: readonly string[] | undefined;

  const states = (now: Date): LeaseStates => leaseStates(store, () => now, shapeOf);

  const read: LeaseReader['read'] = async (name, now) => {
    const lease = leases.get(name);
    if (lease === undefined) throw new StsError('LeaseNotFound');
    const state = await states(now).read(lease);
    const held = liveOf(state, now.getTime());
    if (held !== undefined && !isOver(name, held, now.getTime())) {
      return { kind: 'credentials', credentials: held.credentials, mintedAt: new Date(held.mintedAt) };
    }
    if (state.nextTry === undefined) return { kind: 'awaited', seconds: firstRunSeconds };
    // Only runs try, so it is never sooner than the next run.
    return { kind: 'awaited', seconds: Math.max(nextRunSeconds, Math.ceil((state.nextTry - now.getTime()) / 1000)) };
  };

  const readAll: LeaseReader['statuses'] = async (names, { signal }, now) => {
    const statuses = new Map<string, LeaseStatus>();
    const found = names.flatMap((name) => leases.get(name) ?? []);
    await mapConcurrent(found, maxAtOnce, signal, async (lease) => {
      statuses.set(lease.name, statusOf(lease, await states(now).read(lease), now.getTime()));
    });
    const known = found.flatMap(({ name }) => statuses.get(name) ?? []);
    // A store that is down answers as if it had nothing: then all would seem to be missing.
    const isSuspect =
      known.length > 0 && known.every(({ mintedAt, failures }) => mintedAt === undefined && failures === 0);
    const isCut = known.length < found.length;
    if (isCut || (isSuspect && !(await store.put('list reached', '1', new Date(now.getTime() + 10_000))))) {
      throw new StsError('Unavailable', 'The store does not answer, so nothing is known of leases.', {
        retryAfterSeconds: 1,
      });
    }
    return known;
  };

  return {
    accountOf: (name) => leases.get(name)?.account,
    read,
    names: () => {
      sorted ??= [...leases.keys()].sort();
      return sorted;
    },
    statuses: readAll,
  };
};
