import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { causeInWords, causeOf } from '../../core/cause.ts';
import type { Environment } from '../../identity/environment.ts';
import { plainText } from '../../wire/plain-text.ts';

/**
 * The text that `env:NAME` or `file:PATH` refers to, as `plainText` has it; undefined if there is none or it is empty. Paths are relative to the folder.
 */
export const readLocal = (reference: string, folder: string, environment: Environment): string | undefined => {
  const colon = reference.indexOf(':');
  const rest = reference.slice(colon + 1);
  const text = reference.startsWith('env:') ? variable(rest, environment) : readText(resolve(folder, rest));
  // An empty secret is one that everybody knows.
  return (text && plainText(text)) || undefined;
};

/** For a `file:` that cannot be read: where it was looked for, and why it cannot be; else nothing. */
export const whyMissing = (reference: string, folder: string): string => {
  if (!reference.startsWith('file:')) return '';
  const path = resolve(folder, reference.slice('file:'.length));
  try {
    readFileSync(path);
    return '';
  } catch (thrown) {
    return `: ${path}: ${causeInWords(causeOf(thrown))}`;
  }
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
