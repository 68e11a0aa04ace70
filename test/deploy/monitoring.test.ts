import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { stsErrors } from '../../lib/core/errors.ts';
import { metricTable } from '../../lib/telemetry/metric-table.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../deploy/monitoring/${name}`, import.meta.url), 'utf8');

interface Panel {
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const { panels, templating } = JSON.parse(read('grafana-dashboard.json')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: unknown }[] };
};
const rules = (
  parse(read('alerts.yaml')) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }
).groups.flatMap((group) => group.rules);

const table: Readonly<Record<string, { readonly kind: string; readonly labels: readonly string[] }>> = metricTable;

/** What Prometheus adds to what is scraped. */
const ofScraper = ['job', 'instance'];

/** The series that a metric has, by what each is called. */
const seriesOf = (name: string): { readonly metric: string; readonly labels: readonly string[] } | undefined => {
  if (name === 'up') return { metric: name, labels: ofScraper };
  const [, base = name, part] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? [];
  const histogram = table[base]?.kind === 'histogram' ? table[base] : undefined;
  if (part !== undefined && histogram !== undefined)
    return { metric: base, labels: [...histogram.labels, ...ofScraper, ...(part === 'bucket' ? ['le'] : [])] };
  const plain = table[name];
  // A histogram has no series of its own name.
  return plain === undefined || plain.kind === 'histogram'
    ? undefined
    : { metric: name, labels: [...plain.labels, ...ofScraper] };
};

/** What is wrong with an expression: a metric that there is not, or a label that it has not. */
const faultsOf = (expr: string, legends = ''): readonly string[] => {
  const used = [...expr.matchAll(/\b(credmint_\w+|up)\b(?:\{([^}]*)\})?/g)].map(([, name = '', matchers = '']) => ({
    name,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  }));
  const all = used.map(({ name }) => seriesOf(name));
  const known = new Set(all.flatMap((series) => series?.labels ?? []));
  const grouped = [...expr.matchAll(/\b(?:by|on|without)\s*\(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((label) => label.trim()),
  );
  const told = [...legends.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label = '']) => label);
  return [
    ...(used.length === 0 ? ['uses no metric'] : []),
    ...used.flatMap(({ name }, index) => (all[index] === undefined ? [`${name}: is no metric`] : [])),
    ...used.flatMap(({ name, labels }, index) =>
      labels.flatMap((label) =>
        all[index]?.labels.includes(label) === false ? [`${name}: has no label ${label}`] : [],
      ),
    ),
    ...[...grouped, ...told].flatMap((label) => (known.has(label) ? [] : [`no metric of it has the label ${label}`])),
  ];
};

describe('the dashboard for Grafana', () => {
  it.each(panels.map((panel) => [panel.title, panel] as const))(
    'asks for metrics that there are: %s',
    (_, { targets }) => {
      expect(targets.length).toBeGreaterThan(0);
      for (const { expr, legendFormat } of targets) expect(faultsOf(expr, legendFormat)).toEqual([]);
    },
  );

  it('shows every metric but six that say little at a glance', () => {
    const text = [
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      JSON.stringify(templating),
    ].join();
    const rare = ['credmint_audit_failures_total', 'credmint_cache_coalesced_total', 'credmint_cache_entries'];
    const later = [
      'credmint_cache_refreshes_total',
      'credmint_lease_age_seconds',
      'credmint_lease_next_refresh_seconds',
    ];
    const absent = Object.keys(table).filter((name) => !text.includes(name));
    expect(absent.sort()).toEqual([...rare, ...later].sort());
  });

  it('has no two panels in one place', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('the alert rules', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    'ask for metrics and outcomes that there are: %s',
    (_, { expr, annotations, labels }) => {
      expect(faultsOf(expr, annotations.summary)).toEqual([]);
      expect(['critical', 'warning']).toContain(labels.severity);
      const outcomes = [...expr.matchAll(/outcome=~?"([^"]*)"/g)].flatMap(([, names = '']) => names.split('|'));
      for (const outcome of outcomes) expect(['Done', ...Object.keys(stsErrors)]).toContain(outcome);
    },
  );

  it('are told apart by their names', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});

describe('the check of both', () => {
  it.each([
    ['credmint_requests_totl', 'credmint_requests_totl: is no metric'],
    ['credmint_request_seconds', 'credmint_request_seconds: is no metric'],
    ['rate(credmint_requests_total{caller="ci"}[5m])', 'credmint_requests_total: has no label caller'],
    ['sum by (session) (credmint_requests_total)', 'no metric of it has the label session'],
  ])('finds what is wrong with %s', (expr, fault) => {
    expect(faultsOf(expr)).toContain(fault);
  });
});
