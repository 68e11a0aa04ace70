import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, it } from 'vitest';

/** A program of this machine, with the words that come before all others. */
export interface Program {
  readonly path: string;
  readonly version: string;
}

/** Where Debian installs what it packages, beside the first in the path: often another version. */
const places = (name: string): readonly string[] => [name, `/usr/bin/${name}`];

/**
 * The versions of a program that this machine has, by what each says of itself if asked so. What is not there is told
 * aloud, since its tests are skipped.
 */
const programsOf = (name: string, question: readonly string[]): readonly Program[] => {
  const found = new Map<string, Program>();
  for (const path of places(name)) {
    const { status, stdout } = spawnSync(path, question, { encoding: 'utf8' });
    const version = stdout?.trim() ?? '';
    if (status === 0 && !found.has(version)) found.set(version, { path, version });
  }
  if (found.size === 0) process.stderr.write(`Skipped, since this machine has none: ${name} ${question.join(' ')}\n`);
  return [...found.values()];
};

/** The versions of boto3, as the Pythons that have it. */
export const boto3s = programsOf('python3', ['-c', 'import boto3; print("boto3", boto3.__version__)']);

/** The versions of the AWS CLI. */
export const awsClis = programsOf('aws', ['--version']);

/** The tests for each version of a program; one that is skipped, if this machine has none. */
export const describeEach = (programs: readonly Program[], name: string, tests: (program: Program) => void): void => {
  if (programs.length === 0) describe.skip(name, () => it('is not on this machine', () => undefined));
  for (const program of programs) describe(program.version, { timeout: 60_000 }, () => tests(program));
};

/** Runs a program of a vendor with a home of its own and nothing of our environment but the path. */
export const runProgram = async (
  path: string,
  args: readonly string[],
  { home, environment = {}, input = '' }: RunOptions,
): Promise<string> => {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, NO_PROXY: '*', ...environment };
  const running = promisify(execFile)(path, args, { env });
  running.child.stdin?.end(input);
  return (await running).stdout;
};

interface RunOptions {
  readonly home: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}
