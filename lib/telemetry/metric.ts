/** What tells the samples of one figure apart. Values are names of the configuration or of closed tables. */
export type Labels = Readonly<Record<string, string>>;

/** One figure as it stands. */
export interface Sample {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: Labels;
  readonly value: number;
}

/** How many values were at most so large, by growing bounds; the last is all of them. */
export interface Distribution {
  readonly name: string;
  readonly kind: 'histogram';
  readonly help: string;
  readonly labels: Labels;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

export type Metric = Sample | Distribution;

const identity = ({ name, labels }: Metric): string => JSON.stringify([name, Object.entries(labels).sort()]);

const added = (one: Metric, other: Metric): Metric => {
  if (one.kind !== 'histogram' || other.kind !== 'histogram') {
    return one.kind === 'histogram' || other.kind === 'histogram' ? one : { ...one, value: one.value + other.value };
  }
  const counts = one.counts.map((count, index) => count + (other.counts[index] ?? 0));
  return { ...one, counts, sum: one.sum + other.sum };
};

/** The figures of several processes as those of one. */
export const sum = (each: readonly (readonly Metric[])[]): readonly Metric[] => {
  const all = new Map<string, Metric>();
  for (const figure of each.flat()) {
    const known = all.get(identity(figure));
    all.set(identity(figure), known === undefined ? figure : added(known, figure));
  }
  return [...all.values()];
};
