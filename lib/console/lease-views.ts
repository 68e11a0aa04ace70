import { type LeaseStatus, leaseStateAt } from '../core/lease-status.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Lease } from '../leases/lease.ts';
import type { LeaseView } from './view.ts';

/** How a lease was doing, and when. */
interface Seen {
  readonly status: LeaseStatus;
  readonly at: Date;
}

/** What is known of leases from the runs of this process. */
export interface LeaseViews {
  observe(status: LeaseStatus, at: Date): void;
  /** All of the configuration, those that need somebody before the others. */
  list(leases: ReadonlyMap<string, Lease>, now: Date): readonly LeaseView[];
}

export const leaseViews = (): LeaseViews => {
  const seen = new Map<string, Seen>();
  return {
    observe: (status, at) => {
      seen.set(status.name, { status, at });
    },
    list: (leases, now) => {
      for (const name of seen.keys()) if (!leases.has(name)) seen.delete(name);
      return [...leases.values()].map((lease) => viewOf(lease, seen.get(lease.name), now)).sort(byUrgency);
    },
  };
};

const viewOf = ({ name, account, request, deliveries }: Lease, seen: Seen | undefined, now: Date): LeaseView => {
  const known = {
    name,
    account,
    subject: 'role' in request ? request.role : request.name,
    targets: deliveries.length,
  };
  if (seen === undefined) return { ...known, state: 'awaited', failures: 0, deliveryFailures: 0 };
  const { status, at } = seen;
  const { mintedAt, expiration, nextRefresh = at, failures, deliveryFailures } = status;
  const state = leaseStateAt(status, now.getTime());
  const isHeld = state !== 'missing';
  return omitUndefined({
    ...known,
    state,
    mintedAt: isHeld ? mintedAt?.toISOString() : undefined,
    expiresAt: isHeld ? expiration?.toISOString() : undefined,
    refreshAt: nextRefresh.toISOString(),
    failures,
    deliveryFailures,
  });
};

const ranks = { missing: 0, failing: 1, awaited: 2, due: 3, fresh: 4 };

const byUrgency = (one: LeaseView, other: LeaseView): number =>
  ranks[one.state] - ranks[other.state] ||
  (one.expiresAt ?? '').localeCompare(other.expiresAt ?? '') ||
  one.name.localeCompare(other.name);
