import type { AccessView, GrantView } from '../lib/console/view.ts';

/** The columns of the graph, from those who ask to what they get. */
export const columns = ['caller', 'grant', 'account', 'target'] as const;

export type Column = (typeof columns)[number];

export interface GraphNode {
  readonly id: string;
  readonly column: Column;
  readonly name: string;
  readonly y: number;
  /** The names of the grants that it is part of. */
  readonly grants: ReadonlySet<string>;
}

export interface GraphEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly grants: ReadonlySet<string>;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly height: number;
  /** The height of a row, by column: below `labelledHeight` there is no room for names. */
  readonly rowHeights: Readonly<Record<Column, number>>;
}

/** From this height on a row has room for its name. */
export const labelledHeight = 13;

const most = 26;
const least = 2.5;
const tallest = 1_300;

/** The grants in which every word of a filter is found. */
export const matchingGrants = ({ grants }: Pick<AccessView, 'grants'>, filter: string): readonly GrantView[] => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return grants;
  return grants.filter(({ name, callers, account, operations, targets, sentence }) => {
    const text = [name, ...callers, account, ...operations, ...targets, sentence].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
};

/** Which names each column has, and the grants that each is part of. */
const namesOf = (grants: readonly GrantView[]): Readonly<Record<Column, Map<string, Set<string>>>> => {
  const names = { caller: new Map(), grant: new Map(), account: new Map(), target: new Map() };
  const add = (column: Column, name: string, grant: string): void => {
    const known: Map<string, Set<string>> = names[column];
    known.set(name, (known.get(name) ?? new Set()).add(grant));
  };
  for (const { name, callers, account, targets } of grants) {
    for (const caller of callers) add('caller', caller, name);
    add('grant', name, name);
    add('account', account, name);
    for (const target of targets) add('target', target, name);
  }
  return names;
};

/** Lays the graph out in columns: grants by account and caller, the others beside the middle of their grants. */
export const layoutGraph = (grants: readonly GrantView[]): Graph => {
  const sorted = [...grants].sort(
    (one, other) =>
      one.account.localeCompare(other.account) ||
      (one.callers[0] ?? '').localeCompare(other.callers[0] ?? '') ||
      one.name.localeCompare(other.name, 'en', { numeric: true }),
  );
  const positions = new Map(sorted.map(({ name }, index) => [name, index]));
  const names = namesOf(sorted);
  const middle = (of: ReadonlySet<string>): number =>
    [...of].reduce((sum, grant) => sum + (positions.get(grant) ?? 0), 0) / of.size;
  const rows = Object.fromEntries(
    columns.map((column) => [column, [...names[column]].sort(([, one], [, other]) => middle(one) - middle(other))]),
  ) as Record<Column, [string, Set<string>][]>;
  const rowHeight = (column: Column): number =>
    Math.min(most, Math.max(least, tallest / Math.max(1, rows[column].length)));
  const rowHeights = Object.fromEntries(columns.map((column) => [column, rowHeight(column)])) as Record<Column, number>;
  const height = Math.max(most, ...columns.map((column) => rows[column].length * rowHeights[column]));
  const nodes = columns.flatMap((column) => {
    // What has room is spread over it, so that edges are short.
    const step = Math.min(height / Math.max(1, rows[column].length), rowHeights[column] * 4);
    const top = (height - step * rows[column].length) / 2;
    return rows[column].map(
      ([name, of], index): GraphNode => ({
        id: `${column} ${name}`,
        column,
        name,
        y: top + step * (index + 0.5),
        grants: of,
      }),
    );
  });
  return { nodes, edges: edgesOf(sorted, new Map(nodes.map((node) => [node.id, node]))), height, rowHeights };
};

const edgesOf = (grants: readonly GrantView[], nodes: ReadonlyMap<string, GraphNode>): readonly GraphEdge[] => {
  const edges = new Map<string, { from: GraphNode; to: GraphNode; grants: Set<string> }>();
  const connect = (from: string, to: string, grant: string): void => {
    const [one, other] = [nodes.get(from), nodes.get(to)];
    if (one === undefined || other === undefined) return;
    const key = `${from}\n${to}`;
    const edge = edges.get(key) ?? { from: one, to: other, grants: new Set() };
    edge.grants.add(grant);
    edges.set(key, edge);
  };
  for (const { name, callers, account, targets } of grants) {
    for (const caller of callers) connect(`caller ${caller}`, `grant ${name}`, name);
    connect(`grant ${name}`, `account ${account}`, name);
    for (const target of targets) connect(`account ${account}`, `target ${target}`, name);
  }
  return [...edges.values()];
};
