import type { Spread } from './rounds.ts';

/** What one benchmark found: lines of a heading and rows, to be printed as they are. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What must be known to read it. */
  readonly notes?: readonly string[];
}

/** The median, with the least and the most in brackets. */
export const span = ({ median, min, max }: Spread, digits: number, unit = ''): string =>
  `${median.toFixed(digits)}${unit} (${min.toFixed(digits)}–${max.toFixed(digits)})`;

/** A rate in thousands; a small one as it is. */
export const rate = (spread: Spread): string =>
  spread.median < 10_000 ? spread.median.toFixed(0) : `${(spread.median / 1000).toFixed(0)} k`;

/** A table in Markdown, its columns aligned: the first to the left, the others to the right. */
export const print = ({ title, columns, rows, notes = [] }: Table): void => {
  const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  console.log(`\n## ${title}\n`);
  for (const cells of [columns, rule, ...rows]) console.log(line(cells));
  for (const note of notes) console.log(`\n${note}`);
};
