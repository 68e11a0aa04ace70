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
