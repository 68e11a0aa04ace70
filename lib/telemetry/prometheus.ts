import { durationBounds } from '../core/durations.ts';
import { type Distribution, describeMetric, type Metric } from './metric.ts';

/** What the text has to be called, for a scraper to read it. */
export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (mark) => (mark === '\n' ? '\\n' : `\\${mark}`));

const labelled = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

/** Prometheus wants of each bound how many were below it at all, and not only those above the bound before it. */
const buckets = ({ name, labels, durations }: Distribution): readonly string[] => {
  let below = 0;
  return [
    ...durations.buckets.map((count, index) => {
      below += count;
      return `${name}_bucket${labelled({ ...labels, le: String(durationBounds[index] ?? '+Inf') })} ${below}`;
    }),
    `${name}_sum${labelled(labels)} ${durations.milliseconds / 1000}`,
    `${name}_count${labelled(labels)} ${durations.count}`,
  ];
};

/** Figures in Prometheus's text exposition format 0.0.4: all of one name together, after what they mean. */
export const prometheus = (figures: readonly Metric[]): string => {
  const byName = Map.groupBy(figures, ({ name }) => name);
  const lines = [...byName].flatMap(([name, group]) => {
    const { kind, help } = describeMetric(name);
    return [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${kind}`,
      ...group.flatMap((figure) =>
        'durations' in figure ? buckets(figure) : [`${figure.name}${labelled(figure.labels)} ${figure.value}`],
      ),
    ];
  });
  return `${lines.join('\n')}\n`;
};
