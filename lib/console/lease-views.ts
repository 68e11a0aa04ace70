import { omitUndefined } from '../core/omit-undefined.ts';
import type { Lease } from '../leases/lease.ts';
import type { LeaseState } from '../leases/state.ts';
import type { LeaseView } from './view.ts';

type Seen = { readonly state: LeaseState; readonly dueAt: number };

/** What is known of leases from the runs of this process. */
export interface LeaseViews {
  observe(lease: string, state: LeaseState, dueAt: number): void;
  /** All of the configuration, those that end first before the others. */
  list(leases: ReadonlyMap<string, Lease>, now: Date): readonly LeaseView[];
}

export const leaseViews = (): LeaseViews => {
  const seen = new Map<string, Seen>();
  return {
    observe: (lease, state, dueAt) => {
      seen.set(lease, { state, dueAt });
    },
    list: (leases, now) => {
      for (const name of seen.keys()) if (!leases.has(name)) seen.delete(name);
      return [...leases.values()].map((lease) => viewOf(lease, seen.get(lease.name), now)).sort(byUrgency);
    },
  };
};

const viewOf = ({ name, account, request, deliveries }: Lease, seen: Seen | undefined, now: Date): LeaseView => {
  const subject = 'role' in request ? request.role : request.name;
  const { held, failures = 0, deliveryFailures = 0 } = seen?.state ?? {};
  const isHeld = held !== undefined && held.credentials.expiration.getTime() > now.getTime();
  return omitUndefined({
    name,
    account,
    subject,
    state: failures + deliveryFailures > 0 ? ('failing' as const) : isHeld ? ('fresh' as const) : ('awaited' as const),
    mintedAt: isHeld ? new Date(held.mintedAt).toISOString() : undefined,
    expiresAt: isHeld ? held.credentials.expiration.toISOString() : undefined,
    refreshAt: seen === undefined ? undefined : new Date(seen.dueAt).toISOString(),
    failures,
    deliveryFailures,
    targets: deliveries.length,
  });
};

const ranks = { failing: 0, awaited: 1, fresh: 2 };

const byUrgency = (one: LeaseView, other: LeaseView): number =>
  ranks[one.state] - ranks[other.state] ||
  (one.expiresAt ?? '').localeCompare(other.expiresAt ?? '') ||
  one.name.localeCompare(other.name);
