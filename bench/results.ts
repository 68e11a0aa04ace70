import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Table } from './table.ts';

/** What one benchmark found, on which machine and when. */
export interface Result {
  readonly at: string;
  readonly machine: string;
  /** Processes that wanted a processor when it ended, over the last minute: above their number, it was busy. */
  readonly load: number;
  readonly tables: readonly Table[];
}

/** The last results, by benchmark: kept, so that they can be drawn without being measured again. */
export type Results = Readonly<Record<string, Result>>;

const path = fileURLToPath(new URL('../.reports/bench.json', import.meta.url));

export const machine = (): string => {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `Node ${process.versions.node}, ${process.platform}-${process.arch}, ${availableParallelism()} x ${model}`;
};

export const resultOf = (tables: readonly Table[]): Result => ({
  at: new Date().toISOString(),
  machine: machine(),
  load: loadavg()[0] ?? Number.NaN,
  tables,
});

export const readResults = (): Results => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Results;
  } catch {
    return {};
  }
};

/** Keeps a result in place of the last of its benchmark. */
export const keepResult = (name: string, result: Result): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...readResults(), [name]: result }, undefined, 1)}\n`);
};
