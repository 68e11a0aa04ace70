import { audit } from './audit.ts';
import { cached } from './cached.ts';
import { coldStart } from './cold-start.ts';
import { connections } from './connections.ts';
import { cost } from './cost.ts';
import { draw } from './draw/draw.ts';
import { fleet } from './fleet.ts';
import { growth } from './growth.ts';
import { http } from './http.ts';
import { kept, saved } from './kept.ts';
import { memory } from './memory.ts';
import { prove } from './prove.ts';
import { keepResult, machine, readResults, resultOf } from './results.ts';
import { signing, verifying } from './signing.ts';
import { markdown, type Table } from './table.ts';

const words = process.argv.slice(2);
const isExplained = words.includes('--explain');

const subjects: Readonly<Record<string, () => Promise<readonly Table[]>>> = {
  signing,
  verifying,
  http,
  connections,
  'cold-start': () => coldStart(isExplained),
  memory,
  audit,
  cached,
  kept,
  saved,
  fleet,
  cost,
  prove,
  growth,
};

/**
 * `npm run bench`: every benchmark, or those that are named. Their results are kept in .reports/bench.json; with `--svg` the
 * last ones of all are drawn into docs/performance.md, after those that are named or were never measured. With `--explain`,
 * `cold-start` says where the time goes.
 */
const isDrawn = words.includes('--svg');
const named = words.filter((word) => !word.startsWith('--'));
const unknown = named.filter((name) => !Object.hasOwn(subjects, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. The benchmarks: ${Object.keys(subjects).join(', ')}.`);
  process.exit(1);
}

const known = readResults();
const isWanted = (name: string): boolean => {
  if (named.length > 0) return named.includes(name);
  return !isDrawn || !Object.hasOwn(known, name);
};
const wanted = Object.entries(subjects).filter(([name]) => isWanted(name));

if (wanted.length > 0) {
  console.log(
    `${machine()}\nMedians of interleaved rounds, with the least and the most in brackets. The machine may be busy: read the ratios.`,
  );
}
for (const [name, subject] of wanted) {
  const tables = await subject();
  keepResult(name, resultOf(tables));
  for (const table of tables) console.log(`\n${markdown(table)}`);
}
if (isDrawn) for (const path of await draw(readResults(), Object.keys(subjects))) console.log(path);
