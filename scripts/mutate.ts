import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { argv, env } from 'node:process';
import { parts } from './mutate/parts.ts';

// Changes the code that decides, one place at a time, and asks whether a test notices: `npm run mutate`, or some parts of
// it by name, `npm run mutate -- seal signers`. Fails if too few changes of a part are noticed.

const report = '.reports/mutation.json';

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

/** How many changes of the last run were noticed, and how many were tried. */
const counted = (): { readonly noticed: number; readonly tried: number } => {
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const among = (...wanted: string[]): number => statuses.filter((status) => wanted.includes(status)).length;
  return { noticed: among('Killed', 'Timeout'), tried: among('Killed', 'Timeout', 'Survived', 'NoCoverage') };
};

const chosen = argv.slice(2);
const unknown = chosen.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const lines: string[] = [];
for (const [name, { code, tests }] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n== ${name}`);
  const { status } = spawnSync('npx', ['stryker', 'run', '--mutate', code.join(',')], {
    stdio: 'inherit',
    env: { ...env, MUTATE_TESTS: tests.join(' ') },
  });
  if (status !== 0) process.exitCode = 1;
  const { noticed, tried } = counted();
  lines.push(`${name}: ${noticed} of ${tried} noticed (${((100 * noticed) / tried).toFixed(1)} %)`);
}
console.log(`\n${lines.join('\n')}`);
