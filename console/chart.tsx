import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

/** One line or one kind of bar. */
export interface Series {
  readonly label: string;
  /** The name of a colour of style.css, such as `--minted`. */
  readonly colour: string;
  /** By minute; null is no value. */
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  /** What a screen reader is told: the figures are in the tables. */
  readonly summary: string;
  /** Seconds since 1970, in UTC. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly kind: 'bars' | 'lines';
  readonly format: (value: number) => string;
}

const chartHeight = 180;

const barPaths = uPlot.paths.bars?.({ size: [0.72, 14], radius: 0.12 });

/** Of bars that stand on each other, each as high as all below it together with itself. */
const stacked = (series: readonly Series[]): readonly (readonly (number | null)[])[] => {
  const sums: number[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      return sums[index] ?? 0;
    }),
  );
};

const dataOf = ({ times, series, kind }: ChartProps): uPlot.AlignedData => {
  const lines = kind === 'bars' ? [...stacked(series)].reverse() : series.map(({ values }) => values);
  return [[...times], ...lines.map((line) => [...line])] as uPlot.AlignedData;
};

const optionsOf = ({ series, kind, format }: ChartProps, width: number): uPlot.Options => {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const font = `11px ${style.getPropertyValue('--sans')}`;
  const axis = { stroke: colour('--faint'), font, ticks: { show: false } } satisfies uPlot.Axis;
  const grid = { stroke: colour('--line'), width: 1 };
  // A line of few values has gaps, in which a value alone would not be seen.
  const isSparse = series.some(({ values }) => values.filter((value) => value !== null).length < 20);
  // Of a stack the highest is drawn first, so that the others stand before it.
  const drawn = kind === 'bars' ? [...series].reverse() : series;
  return {
    width,
    height: chartHeight,
    legend: { show: false },
    cursor: { show: false },
    padding: [10, 14, 0, 0],
    scales: {
      x: { time: true, range: (_, min, max) => [min - 45, max + 45] },
      y: { range: (_, __, max) => [0, Math.max(max * 1.08, kind === 'bars' ? 4 : 0.1)] },
    },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    axes: [
      { ...axis, grid: { show: false }, size: 26, space: 60, values: '{HH}:{mm}' },
      { ...axis, grid, size: 52, space: 34, values: (_, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...drawn.map(({ label, colour: name }) => ({
        label,
        stroke: colour(name),
        width: kind === 'bars' ? 0 : 1.75,
        points: { show: kind === 'lines' && isSparse, size: 4.5, fill: colour(name) },
        ...(kind === 'bars' ? { fill: colour(name), ...(barPaths === undefined ? {} : { paths: barPaths }) } : {}),
      })),
    ],
  } as uPlot.Options;
};

/** A chart of the last hour. Without scripts it is not there; its figures are in the tables. */
export const Chart = (props: ChartProps) => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const draw = (): void => {
      chart.current?.destroy();
      chart.current = new uPlot(optionsOf(latest.current, element.clientWidth), dataOf(latest.current), element);
    };
    draw();
    const resized = new ResizeObserver(() => {
      if (element.clientWidth !== chart.current?.width)
        chart.current?.setSize({ width: element.clientWidth, height: chartHeight });
    });
    resized.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      scheme.removeEventListener('change', draw);
      chart.current?.destroy();
    };
  }, []);
  useEffect(() => chart.current?.setData(dataOf(props)));

  return (
    <figure class="chart">
      <ul class="legend" aria-hidden="true">
        {props.series.map(({ label, colour }) => (
          <li key={label}>
            <span class={`swatch swatch${colour.slice(1)}`} />
            {label}
          </li>
        ))}
      </ul>
      <div class="chart-place" role="img" aria-label={props.summary} ref={place} />
    </figure>
  );
};
