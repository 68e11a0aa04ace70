import type { AuditRecord } from '../core/audit.ts';

/** The records that were written last, newest first. */
export interface RecentRecords {
  add(record: AuditRecord): void;
  list(): readonly AuditRecord[];
  find(requestId: string): AuditRecord | undefined;
}

/** Keeps so many records in memory; one more takes the place of the oldest. */
export const recentRecords = (max: number): RecentRecords => {
  const ring: AuditRecord[] = [];
  let next = 0;
  return {
    add: (record) => {
      ring[next] = record;
      next = (next + 1) % max;
    },
    list: () => [...ring.slice(0, next).reverse(), ...ring.slice(next).reverse()],
    find: (requestId) => ring.find((record) => record.requestId === requestId),
  };
};
