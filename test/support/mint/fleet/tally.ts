/** Counts events by name and second. */
export interface Tally {
  add(name: string, count?: number): void;
  names(): readonly string[];
  total(name: string): number;
  /** How many in each second since the beginning. */
  seconds(name: string): readonly number[];
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
    names: () => [...seconds.keys()],
    total: (name) => of(name).reduce((sum, count) => sum + count, 0),
    seconds: of,
  };
};
