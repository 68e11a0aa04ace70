import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Cell, Chart, Table } from '../table.ts';

/** One drawn value. */
interface Point {
  readonly across: string | number;
  readonly value: number;
  readonly by: string;
}

const width = 640;
/** Apart for those who see colours differently (Okabe and Ito). */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#999999'];

const textOf = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : (cell?.text ?? ''));

const numberOf = (cell: Cell | undefined): number =>
  typeof cell === 'object' ? cell.value : Number(textOf(cell).replaceAll(',', '') || Number.NaN);

const pointsOf = (table: Table, chart: Chart): readonly Point[] => {
  const columnOf = (name: string): number => {
    const index = table.columns.indexOf(name);
    if (index < 0) throw new Error(`The table “${table.title}” has no column “${name}”.`);
    return index;
  };
  const across = columnOf(chart.across);
  const named = typeof chart.values === 'string' ? [chart.values] : chart.values;
  const by = chart.by === undefined ? undefined : columnOf(chart.by);
  let group = '';
  return (chart.rows ?? table.rows).flatMap((row) => {
    if (by !== undefined) group = textOf(row[by]) || group;
    const place = chart.kind === 'growth' ? numberOf(row[across]) : textOf(row[across]);
    return named.flatMap((name) => {
      const value = numberOf(row[columnOf(name)]);
      return Number.isFinite(value)
        ? [{ across: place, value, by: by === undefined && typeof chart.values !== 'string' ? name : group }]
        : [];
    });
  });
};

const growth = (points: readonly Point[], chart: Chart): object => {
  const places = [...new Set(points.map(({ across }) => across))];
  const isLog = chart.scale !== undefined;
  return {
    width,
    height: 280,
    data: { values: points },
    mark: { type: 'line', point: { size: isLog ? 50 : 0 }, strokeWidth: 2 },
    encoding: {
      x: {
        field: 'across',
        type: 'quantitative',
        title: chart.across,
        scale: { type: isLog ? 'log' : 'linear', nice: !isLog },
        axis: { format: '~s', grid: false, ...(isLog ? { values: places } : { tickCount: 12 }) },
      },
      y: {
        field: 'value',
        type: 'quantitative',
        title: typeof chart.values === 'string' ? chart.values : null,
        scale: chart.scale === 'both log' ? { type: 'log' } : { zero: true },
        axis: { format: ',', tickCount: 6 },
      },
      ...(chart.by === undefined && typeof chart.values === 'string'
        ? { color: { value: colours[0] } }
        : { color: { field: 'by', type: 'nominal', title: null, sort: null, scale: { range: colours } } }),
    },
  };
};

/** The names of bars of every group have as much room, so that the groups stand below each other. */
const labelWidth = 345;

const barsOf = (points: readonly Point[], ours: Chart['ours']): object => ({
  width: width - labelWidth,
  height: { step: 22 },
  data: { values: points },
  encoding: {
    y: {
      field: 'across',
      type: 'nominal',
      title: null,
      sort: null,
      axis: { labelLimit: 0, minExtent: labelWidth, ticks: false, domain: false },
    },
    x: { field: 'value', type: 'quantitative', axis: null },
  },
  layer: [
    {
      mark: { type: 'bar', height: { band: 0.75 } },
      encoding: {
        color: {
          condition: {
            test: { field: 'across', oneOf: ours ?? points.map(({ across }) => across) },
            value: colours[0],
          },
          value: '#b3b3b3',
        },
      },
    },
    { mark: { type: 'text', align: 'left', dx: 4 }, encoding: { text: { field: 'value', format: '.3~s' } } },
  ],
});

/** Each group has an axis of its own. */
const bars = (points: readonly Point[], chart: Chart): object => {
  const groups = [...new Set(points.map(({ by }) => by))];
  return {
    vconcat: groups.map((group) => ({
      title: {
        text: chart.by === undefined ? String(chart.values) : [chart.by, group].filter(Boolean).join(' '),
        anchor: 'start',
        fontSize: 11,
        fontWeight: 'normal',
        offset: 4,
      },
      ...barsOf(
        points.filter(({ by }) => by === group),
        chart.ours,
      ),
    })),
    spacing: 12,
  };
};

/** A table as SVG. */
export const drawn = (table: Table, chart: Chart): Promise<string> => {
  const points = pointsOf(table, chart);
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: table.title,
      subtitle: chart.kind === 'bars' && chart.by !== undefined ? String(chart.values) : '',
      anchor: 'start',
      fontSize: 14,
      offset: 12,
    },
    background: 'white',
    padding: 12,
    config: {
      // An image is described by the page that shows it.
      aria: false,
      font: 'sans-serif',
      view: { stroke: null },
      axis: {
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        gridColor: '#e5e5e5',
        domainColor: '#888',
      },
      legend: { labelFontSize: 12, orient: 'bottom', columns: 2, labelLimit: 0 },
    },
    ...(chart.kind === 'growth' ? growth(points, chart) : bars(points, chart)),
  } as TopLevelSpec;
  return new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
};
