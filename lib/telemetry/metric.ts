import type { Durations } from '../core/durations.ts';
import { metricTable } from './metric-table.ts';

type Table = typeof metricTable;

/** The name of a metric. */
export type MetricName = keyof Table;

/** What tells the figures of one metric apart. */
export type Labels<Name extends MetricName> = Readonly<Record<Table[Name]['labels'][number], string>>;

type AnyLabels = Readonly<Record<string, string>>;

/** One figure as it stands. */
export interface Sample {
  readonly name: MetricName;
  readonly labels: AnyLabels;
  readonly value: number;
}

/** How long what a histogram counts took. */
export interface Distribution {
  readonly name: MetricName;
  readonly labels: AnyLabels;
  readonly durations: Durations;
}

export type Metric = Sample | Distribution;

type Named<Kind> = { [Name in MetricName]: Table[Name]['kind'] extends Kind ? Name : never }[MetricName];

type LabelsIfAny<Name extends MetricName> = Table[Name]['labels'] extends readonly [] ? [] : [labels: Labels<Name>];

/** A figure of a counter or a gauge. */
export const sample = <Name extends Named<'counter' | 'gauge'>>(
  name: Name,
  value: number,
  ...[labels]: LabelsIfAny<Name>
): Sample => ({ name, labels: labels ?? {}, value });

/** The figures of a histogram. */
export const distribution = <Name extends Named<'histogram'>>(
  name: Name,
  durations: Durations,
  labels: Labels<Name>,
): Distribution => ({ name, labels, durations });

/** What a metric is, and what it means. */
export const describeMetric = (name: MetricName): Table[MetricName] => metricTable[name];
