import { type AuditLog, type AuditRecord, wrapAuditLog } from '../core/audit.ts';
import { type CallRates, callRates } from './call-rates.ts';
import { type LastHour, lastHour } from './last-hour.ts';
import { type LeaseViews, leaseViews } from './lease-views.ts';
import { type RecentRecords, recentRecords } from './recent.ts';

/** What is remembered for the page, of this process alone. All of it is bounded. */
export interface ConsoleFeed {
  readonly recent: RecentRecords;
  readonly hour: LastHour;
  readonly leases: LeaseViews;
  readonly rates: CallRates;
  /** Sees every audit record; one that could not be written as what it then was, `Unavailable`. */
  watched(audit: AuditLog): AuditLog;
  /** Calls `heard` with every record, until what it returns is called. */
  listen(heard: (record: AuditRecord) => void): () => void;
}

/** Decisions that the page can go back to. */
const maxRecords = 1_000;

/**
 * A feed that is made of the audit records themselves: nothing is counted twice, and nothing is shown that is not on
 * record.
 *
 * @example
 * const feed = consoleFeed(() => new Date());
 * const audit = feed.watched(trail.record);
 */
export const consoleFeed = (now: () => Date): ConsoleFeed => {
  const recent = recentRecords(maxRecords);
  const hour = lastHour();
  const listeners = new Set<(record: AuditRecord) => void>();
  const note = (record: AuditRecord): void => {
    recent.add(record);
    hour.add(record, now());
    for (const heard of listeners) heard(record);
  };
  return {
    recent,
    hour,
    leases: leaseViews(),
    rates: callRates(),
    watched: (audit) =>
      wrapAuditLog(audit, (write) => async (record) => {
        try {
          await write(record);
        } catch (thrown) {
          note({ ...record, outcome: 'Unavailable' });
          throw thrown;
        }
        note(record);
      }),
    listen: (heard) => {
      listeners.add(heard);
      return () => {
        listeners.delete(heard);
      };
    },
  };
};
