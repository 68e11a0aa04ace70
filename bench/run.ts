import { availableParallelism, cpus } from 'node:os';
import { audit } from './audit.ts';
import { cached } from './cached.ts';
import { coldStart } from './cold-start.ts';
import { cost } from './cost.ts';
import { growth } from './growth.ts';
import { http } from './http.ts';
import { kept, saved } from './kept.ts';
import { memory } from './memory.ts';
import { prove } from './prove.ts';
import { signing, verifying } from './signing.ts';
import { print, type Table } from './table.ts';

const subjects: Readonly<Record<string, () => Promise<readonly Table[]>>> = {
  signing,
  verifying,
  http,
  'cold-start': coldStart,
  memory,
  audit,
  cached,
  kept,
  saved,
  cost,
  prove,
  growth,
};

/** `npm run bench`: every benchmark, or those that are named. */
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(subjects, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. The benchmarks: ${Object.keys(subjects).join(', ')}.`);
  process.exit(1);
}

const model = cpus()[0]?.model.trim() ?? 'unknown processor';
console.log(
  `Node ${process.versions.node}, ${process.platform}-${process.arch}, ${availableParallelism()} x ${model}\n` +
    'Medians of interleaved rounds, with the least and the most in brackets. The machine may be busy: read the ratios.',
);
for (const [name, subject] of Object.entries(subjects)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const table of await subject()) print(table);
}
