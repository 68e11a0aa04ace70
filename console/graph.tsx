import { useMemo } from 'preact/hooks';
import type { GrantView } from '../lib/console/view.ts';
import { counted, tail } from './format.ts';
import { type Column, columns, type GraphEdge, type GraphNode, labelledHeight, layoutGraph } from './graph-layout.ts';

const titles: Readonly<Record<Column, string>> = {
  caller: 'Callers',
  grant: 'Grants',
  account: 'Accounts',
  target: 'Roles, leases, audiences',
};

const width = 1_120;
const top = 30;
/** From where to where the rows of each column go, and how many characters of a name fit. */
const places: Readonly<Record<Column, { readonly x: number; readonly wide: number; readonly fits: number }>> = {
  caller: { x: 0, wide: 170, fits: 21 },
  grant: { x: 290, wide: 190, fits: 24 },
  account: { x: 600, wide: 150, fits: 18 },
  target: { x: 870, wide: 250, fits: 31 },
};

const curve = ({ from, to }: GraphEdge): string => {
  const [x1, x2] = [places[from.column].x + places[from.column].wide, places[to.column].x];
  const [y1, y2] = [from.y + top, to.y + top];
  const bend = (x2 - x1) * 0.5;
  return `M${x1} ${y1.toFixed(1)}C${x1 + bend} ${y1.toFixed(1)} ${x2 - bend} ${y2.toFixed(1)} ${x2} ${y2.toFixed(1)}`;
};

const touches = (grants: ReadonlySet<string>, chosen: ReadonlySet<string> | undefined): boolean =>
  chosen === undefined || [...grants].some((grant) => chosen.has(grant));

interface GraphProps {
  readonly grants: readonly GrantView[];
  /** The id of a node of which everything connected stands out; absent is none. */
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

/**
 * Callers, grants, accounts and what they lead to. It is a picture of the table below it, which says the same to screen
 * readers and keyboards; what a click selects can be typed as a filter, too.
 */
export const Graph = ({ grants, selected, onSelect }: GraphProps) => {
  const graph = useMemo(() => layoutGraph(grants), [grants]);
  const chosen = graph.nodes.find(({ id }) => id === selected)?.grants;
  const height = graph.height + top + 8;

  const row = (node: GraphNode) => {
    const { x, wide, fits } = places[node.column];
    const room = graph.rowHeights[node.column];
    const tall = Math.min(22, Math.max(2, room - 2));
    const isFaded = !touches(node.grants, chosen);
    const classes = `node node-${node.column}${isFaded ? ' faded' : ''}${node.id === selected ? ' selected' : ''}`;
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: it is part of a picture; the table has the same in words
      <g key={node.id} class={classes} onClick={() => onSelect(node.id === selected ? undefined : node.id)}>
        <title>{`${node.name}: ${counted(node.grants.size, 'grant')}`}</title>
        <rect
          x={x}
          y={(node.y + top - tall / 2).toFixed(1)}
          width={wide}
          height={tall.toFixed(1)}
          rx={Math.min(4, tall / 2)}
        />
        {room < labelledHeight ? null : (
          <text x={x + 9} y={(node.y + top + 4).toFixed(1)}>
            {tail(node.name, fits)}
          </text>
        )}
      </g>
    );
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard (axe: scrollable-region-focusable)
    <section class="scrolls graph" aria-label="Graph of who can get what" tabIndex={0}>
      <svg
        role="img"
        aria-label={`${counted(grants.length, 'grant')} between callers, accounts and roles; the table below has them in words.`}
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
      >
        {columns.map((column) => (
          <text key={column} class="column-title" x={places[column].x} y={14}>
            {titles[column]}
          </text>
        ))}
        <g class="edges">
          {graph.edges.map((edge) => (
            <path
              key={`${edge.from.id} ${edge.to.id}`}
              class={chosen === undefined ? 'edge' : touches(edge.grants, chosen) ? 'edge strong' : 'edge faded'}
              d={curve(edge)}
            />
          ))}
        </g>
        {graph.nodes.map(row)}
      </svg>
    </section>
  );
};
