import type { LeaseStatus } from '../core/lease-reader.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { pendingOf } from './deliver-all.ts';
import type { Lease } from './lease.ts';
import { nextRefreshAt } from './schedule.ts';
import { type LeaseState, liveOf } from './state.ts';

/** How a lease is doing, for people and programs that look after it. `now` is in milliseconds since 1970. */
export const statusOf = (lease: Lease, state: LeaseState, now: number): LeaseStatus => {
  const { failures, deliveryFailures, code, held } = state;
  const next = nextRefreshAt(lease, state, now);
  const isFailing = failures > 0 || deliveryFailures > 0;
  const whileLive = isFailing ? 'failing' : next <= now ? 'due' : 'fresh';
  return {
    name: lease.name,
    account: lease.account,
    state: liveOf(state, now) === undefined ? 'missing' : whileLive,
    failures,
    deliveryFailures,
    pendingDeliveries: pendingOf(lease, state).length,
    ...omitUndefined({
      mintedAt: held && new Date(held.mintedAt),
      expiration: held?.credentials.expiration,
      // Nothing is held: a run mints as soon as it may.
      nextRefresh: next === 0 ? undefined : new Date(next),
      code: isFailing ? code : undefined,
    }),
  };
};
