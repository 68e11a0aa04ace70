import type { AuditRecord } from '../core/audit.ts';
import { endingOf } from './ending.ts';
import type { EndingCounts, MinuteView } from './view.ts';

const minuteMs = 60_000;
/** An hour's minutes. */
export const minutesKept = 60;

/** Bounds of milliseconds, each a quarter more than the one before: from a cached answer to the longest there is. */
const bounds = Array.from({ length: 54 }, (_, index) => 0.1 * 1.25 ** index);

interface Minute {
  readonly index: number;
  readonly accounts: Map<string, Record<keyof EndingCounts, number>>;
  readonly latencies: number[];
  answers: number;
}

/** What was decided in each minute of the last hour. */
export interface LastHour {
  add(record: AuditRecord, now: Date): void;
  /** The last so many, oldest first. */
  minutes(now: Date, count: number): readonly MinuteView[];
}

/** Counts records by minute. Its size depends on the configuration's accounts alone, not on how much is asked. */
export const lastHour = (): LastHour => {
  const ring: (Minute | undefined)[] = Array.from({ length: minutesKept });

  const minuteOf = (index: number): Minute => {
    const kept = ring[index % minutesKept];
    if (kept?.index === index) return kept;
    const minute: Minute = { index, accounts: new Map(), latencies: bounds.map(() => 0), answers: 0 };
    ring[index % minutesKept] = minute;
    return minute;
  };

  return {
    add: (record, now) => {
      const ending = endingOf(record);
      if (ending === undefined) return;
      const minute = minuteOf(Math.floor(now.getTime() / minuteMs));
      const account = record.account ?? '';
      const counts = minute.accounts.get(account) ?? { kept: 0, minted: 0, refused: 0, failed: 0 };
      counts[ending]++;
      minute.accounts.set(account, counts);
      const place = bounds.findIndex((bound) => (record.milliseconds ?? 0) <= bound);
      const at = place < 0 ? bounds.length - 1 : place;
      minute.latencies[at] = (minute.latencies[at] ?? 0) + 1;
      minute.answers++;
    },
    minutes: (now, count) => {
      const last = Math.floor(now.getTime() / minuteMs);
      return Array.from({ length: Math.min(count, minutesKept) }, (_, position): MinuteView => {
        const index = last - Math.min(count, minutesKept) + 1 + position;
        const kept = ring[((index % minutesKept) + minutesKept) % minutesKept];
        const at = new Date(index * minuteMs).toISOString();
        if (kept?.index !== index) return { at, accounts: {} };
        const accounts = Object.fromEntries([...kept.accounts].map(([name, counts]) => [name, { ...counts }]));
        return { at, accounts, latencyMs: spreadOf(kept) };
      });
    },
  };
};

const spreadOf = ({ latencies, answers }: Minute) => {
  const quantile = (share: number): number => {
    let left = Math.ceil(answers * share);
    const place = latencies.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return Math.round((bounds[place] ?? 0) * 100) / 100;
  };
  return { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
};
