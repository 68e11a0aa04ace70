import type { Spread } from './rounds.ts';

/** What a number should be. */
export interface Goal {
  readonly sense: 'at most' | 'at least';
  readonly value: number;
}

/** A number as it is shown, as it is drawn, and what it should be. */
export interface Figure {
  readonly text: string;
  readonly value: number;
  readonly goal?: Goal;
}

export type Cell = string | Figure;

/** How a table is drawn. Columns are named by their headings. */
export interface Chart {
  /** `growth` draws a line over numbers, `bars` one bar for each row. */
  readonly kind: 'growth' | 'bars';
  /** The file's name, without its ending. */
  readonly name: string;
  /** What is drawn beside each other: the numbers below a line, or the names of the bars. */
  readonly across: string;
  /** One column, or several that are measured in the same unit. */
  readonly values: string | readonly string[];
  /** Whose lines, or which groups of bars; an empty cell is the same as the one above it. Absent: there is one. */
  readonly by?: string;
  /** Of a line, which axes grow by factors. Absent: from 0, in even steps. */
  readonly scale?: 'log' | 'both log';
  /** Which bars are ours, by their names; absent: all. */
  readonly ours?: readonly string[];
  /** What is drawn in place of the table's rows: more of them, of the same columns. */
  readonly rows?: readonly (readonly Cell[])[];
}

/** What one benchmark found: lines of a heading and rows, to be printed as they are. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** What must be known to read it. */
  readonly notes?: readonly string[];
  readonly charts?: readonly Chart[];
}

/** The median, with the least and the most in brackets. */
export const span = ({ median, min, max }: Spread, digits: number, unit = ''): Figure => ({
  value: median,
  text: `${median.toFixed(digits)}${unit} (${min.toFixed(digits)}–${max.toFixed(digits)})`,
});

/** A rate in thousands; a small one as it is. */
export const rate = ({ median }: Spread): Figure => ({
  value: median,
  text: median < 10_000 ? median.toFixed(0) : `${(median / 1000).toFixed(0)} k`,
});

/** A number by itself. */
export const plain = (value: number, digits = 0): Figure => ({
  value,
  text: value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
});

export const atMost = (figure: Figure, value: number): Figure => ({ ...figure, goal: { sense: 'at most', value } });

export const atLeast = (figure: Figure, value: number): Figure => ({ ...figure, goal: { sense: 'at least', value } });

export const isMet = ({ value, goal }: Figure): boolean =>
  goal === undefined || (goal.sense === 'at most' ? value <= goal.value : value >= goal.value);

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);

/** The goals of a row, and whether each is met; with the column's name if there are several. */
const goalsOf = (columns: readonly string[], row: readonly Cell[]): readonly [string, string] => {
  const goals = row.flatMap((cell, index) =>
    typeof cell === 'string' || cell.goal === undefined
      ? []
      : [{ column: columns[index] ?? '', goal: cell.goal, met: isMet(cell) ? 'yes' : 'NO' }],
  );
  const told = goals.map(({ column, goal }) => {
    const sign = goal.sense === 'at most' ? '<=' : '>=';
    return `${goals.length > 1 ? `${column} ` : ''}${sign} ${goal.value.toLocaleString('en')}`;
  });
  return [told.join('; '), goals.map(({ met }) => met).join('; ')];
};

/** A table in Markdown, its columns aligned: the first to the left, the others to the right. */
export const markdown = ({ title, columns, rows, notes = [] }: Table): string => {
  const hasGoals = rows.some((row) => row.some((cell) => typeof cell !== 'string' && cell.goal !== undefined));
  const heading = hasGoals ? [...columns, 'goal', 'met'] : columns;
  const cells = rows.map((row) => [...row.map(textOf), ...(hasGoals ? goalsOf(columns, row) : [])]);
  const widths = heading.map((column, index) =>
    Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [`## ${title}`, [heading, rule, ...cells].map(line).join('\n'), ...notes].join('\n\n');
};
