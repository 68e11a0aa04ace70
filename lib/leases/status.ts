import { type LeaseStatus, leaseStateAt } from '../core/lease-status.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { pendingOf } from './deliver-all.ts';
import type { Lease } from './lease.ts';
import { nextRefreshAt } from './schedule.ts';
import type { LeaseState } from './state.ts';

/** How a lease is doing, for people and programs that look after it. `now` is in milliseconds since 1970. */
export const statusOf = (lease: Lease, state: LeaseState, now: number): LeaseStatus => {
  const { failures, deliveryFailures, code, held } = state;
  const next = nextRefreshAt(lease, state, now);
  const facts = omitUndefined<Omit<LeaseStatus, 'state'>>({
    name: lease.name,
    account: lease.account,
    mintedAt: held && new Date(held.mintedAt),
    expiration: held?.credentials.expiration,
    // Nothing is held: a run mints as soon as it may.
    nextRefresh: next === 0 ? undefined : new Date(next),
    failures,
    deliveryFailures,
    pendingDeliveries: pendingOf(lease, state).length,
    code: failures > 0 || deliveryFailures > 0 ? code : undefined,
  });
  return { ...facts, state: leaseStateAt(facts, now) };
};
