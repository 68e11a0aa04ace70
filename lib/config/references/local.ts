import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from '../../identity/environment.ts';

/**
 * The text that `env:NAME` or `file:PATH` refers to, without one final newline; undefined if there is none or it is
 * empty. Paths are relative to the folder.
 */
export const readLocal = (reference: string, folder: string, environment: Environment): string | undefined => {
  const colon = reference.indexOf(':');
  const rest = reference.slice(colon + 1);
  const text = reference.startsWith('env:') ? variable(rest, environment) : readText(resolve(folder, rest));
  // An empty secret is one that everybody knows.
  return text?.replace(/\r?\n$/, '') || undefined;
};

const variable = (name: string, environment: Environment): string | undefined =>
  Object.hasOwn(environment, name) ? environment[name] : undefined;

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
