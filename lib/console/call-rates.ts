/** Calls of each account a second, from counters that only grow. */
export interface CallRates {
  /** Looks at the counters; `atMs` is of a monotonic clock. */
  sample(totals: ReadonlyMap<string, number>, atMs: number): void;
  of(account: string): { readonly perSecond: number; readonly peakPerSecond: number } | undefined;
}

/** How many samples the peak is of: a minute's, if they are taken every five seconds. */
const samplesKept = 12;

/** Rates between one sample and the next. A counter that is less than before began again with a new configuration. */
export const callRates = (): CallRates => {
  let last: { readonly totals: ReadonlyMap<string, number>; readonly atMs: number } | undefined;
  const rates = new Map<string, number[]>();
  return {
    sample: (totals, atMs) => {
      const before = last;
      last = { totals: new Map(totals), atMs };
      if (before === undefined || atMs <= before.atMs) return;
      for (const account of rates.keys()) if (!totals.has(account)) rates.delete(account);
      for (const [account, total] of totals) {
        const known = before.totals.get(account) ?? 0;
        const calls = total >= known ? total - known : total;
        const list = rates.get(account) ?? [];
        list.push((calls * 1000) / (atMs - before.atMs));
        rates.set(account, list.slice(-samplesKept));
      }
    },
    of: (account) => {
      const list = rates.get(account);
      return list && { perSecond: list.at(-1) ?? 0, peakPerSecond: Math.max(...list) };
    },
  };
};
