import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Result, Results } from '../results.ts';
import { markdown } from '../table.ts';
import { drawn } from './chart.ts';

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const folder = fileURLToPath(new URL('../../docs/performance/', import.meta.url));

const introduction = `# Performance

Written by \`npm run bench -- --svg\` from the last results of \`npm run bench\`, never by hand. Medians of interleaved
rounds, with the least and the most in brackets. Where many processes wanted a processor, other programs ran: compare what
stands in one table, which was measured in turns, and not two tables. Benchmarks that are not here have not been run since the results
were last thrown away: \`npm run bench NAME\` runs one.
`;

const day = (at: string): string => at.slice(0, 16).replace('T', ' ');

const measured = ({ machine, at, load }: Result): string =>
  `Measured ${day(at)} UTC: ${machine}; ${load.toFixed(1)} processes wanted a processor.`;

/** Writes docs/performance.md and its pictures, in the order of the names; returns what was written. */
export const draw = async (results: Results, names: readonly string[]): Promise<readonly string[]> => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const written = [page];
  const sections: string[] = [introduction];
  for (const name of names) {
    const result = results[name];
    if (result === undefined) continue;
    for (const table of result.tables) {
      const [heading = '', ...rest] = markdown(table).split('\n\n');
      sections.push(heading);
      for (const chart of table.charts ?? []) {
        const path = `${folder}${chart.name}.svg`;
        writeFileSync(path, `${await drawn(table, chart)}\n`);
        written.push(path);
        sections.push(`![${table.title}](performance/${chart.name}.svg)`);
      }
      sections.push(...rest);
    }
    sections.push(`${measured(result)} \`npm run bench ${name}\``);
  }
  writeFileSync(page, `${sections.join('\n\n').replace('\n\n\n', '\n\n')}\n`);
  return written;
};
