/** Counts events by name, by minute, and for the busiest second of each name. */
export interface Tally {
  add(name: string, count?: number): void;
  total(name: string): number;
  /** By minute since the beginning. */
  minutes(name: string): readonly number[];
  /** The most in one second, between two instants in milliseconds since the beginning. */
  busiestSecond(name: string, fromMs?: number, toMs?: number): number;
}

export const tallyBy = (monotonicMs: () => number): Tally => {
  const seconds = new Map<string, number[]>();
  const of = (name: string): readonly number[] => seconds.get(name) ?? [];
  return {
    add: (name, count = 1) => {
      const second = Math.floor(monotonicMs() / 1000);
      const counts = seconds.get(name) ?? [];
      seconds.set(name, counts);
      while (counts.length <= second) counts.push(0);
      counts[second] = (counts[second] ?? 0) + count;
    },
    total: (name) => of(name).reduce((sum, count) => sum + count, 0),
    minutes: (name) => {
      const all = of(name);
      return Array.from({ length: Math.ceil(all.length / 60) }, (_, minute) =>
        all.slice(minute * 60, minute * 60 + 60).reduce((sum, count) => sum + count, 0),
      );
    },
    busiestSecond: (name, fromMs = 0, toMs = Number.POSITIVE_INFINITY) =>
      of(name)
        .slice(Math.floor(fromMs / 1000), Math.ceil(toMs / 1000))
        .reduce((most, count) => Math.max(most, count), 0),
  };
};
