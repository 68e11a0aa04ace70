import type { Distribution, Labels, Metric } from './metric.ts';

/** What the text has to be called, for a scraper to read it. */
export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (mark) => (mark === '\n' ? '\\n' : `\\${mark}`));

const labelled = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

const buckets = ({ name, labels, bounds, counts, sum }: Distribution): readonly string[] => [
  ...counts.map((count, index) => {
    const bound = bounds[index];
    return `${name}_bucket${labelled({ ...labels, le: bound === undefined ? '+Inf' : String(bound) })} ${count}`;
  }),
  `${name}_sum${labelled(labels)} ${sum}`,
  `${name}_count${labelled(labels)} ${counts.at(-1) ?? 0}`,
];

/** Figures in Prometheus's text exposition format 0.0.4: all of one name together, after what they mean. */
export const prometheus = (figures: readonly Metric[]): string => {
  const byName = Map.groupBy(figures, ({ name }) => name);
  const lines = [...byName].flatMap(([name, group]) => [
    `# HELP ${name} ${group[0]?.help.replace(/[\\\n]/g, ' ')}`,
    `# TYPE ${name} ${group[0]?.kind}`,
    ...group.flatMap((figure) =>
      figure.kind === 'histogram' ? buckets(figure) : [`${figure.name}${labelled(figure.labels)} ${figure.value}`],
    ),
  ]);
  return `${lines.join('\n')}\n`;
};
