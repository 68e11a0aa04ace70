import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricTable } from '../../lib/telemetry/metric-table.ts';

const documented = (): readonly string[] => {
  const page = readFileSync(new URL('../../docs/monitoring.md', import.meta.url), 'utf8');
  return page.split('\n').filter((line) => line.startsWith('| `credmint_'));
};

describe('the table of metrics', () => {
  it('is documented as it is, metric by metric', () => {
    const rows = Object.entries(metricTable).map(([name, { kind, labels, help }]) => {
      const names = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${kind} | ${names} | ${help} |`;
    });
    expect(documented()).toEqual(rows);
  });

  it('names a counter by its total and what is measured by its unit', () => {
    for (const [name, { kind }] of Object.entries(metricTable)) {
      if (kind === 'counter') expect(name).toMatch(/_total$/);
      if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
    }
  });

  it('has no label that a caller could fill', () => {
    const labels = new Set(Object.values(metricTable).flatMap((metric) => [...metric.labels]));
    expect([...labels].sort()).toEqual(['account', 'dialect', 'lease', 'operation', 'outcome']);
  });
});
