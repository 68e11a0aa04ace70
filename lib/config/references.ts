import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '../sts/secret.ts';

/** Where references are looked up: the folder of the configuration file, and the environment. */
export interface Surroundings {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The secret that `env:NAME` or `file:PATH` refers to; `undefined` where there is nothing. One final newline is cut. */
export const lookUp = (reference: string, { folder, environment }: Surroundings): Secret | undefined => {
  const [kind, rest] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)];
  const inherited = kind === 'env' && !Object.hasOwn(environment, rest);
  const text = inherited ? undefined : kind === 'env' ? environment[rest] : readText(resolve(folder, rest));
  const value = text?.replace(/\r?\n$/, '');
  // An empty secret is one that everybody knows.
  return value === undefined || value === '' ? undefined : new Secret(value);
};

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
