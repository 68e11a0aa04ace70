import { readFileSync } from 'node:fs';

/** Reads the recorded requests and replies of a cloud, by file name. */
export const fixturesOf =
  (cloud: string) =>
  (name: string): string =>
    readFileSync(new URL(`../../lib/clouds/${cloud}/fixtures/${name}`, import.meta.url), 'utf8');
