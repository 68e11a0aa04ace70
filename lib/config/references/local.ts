import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CloudFacts } from '../../core/cloud-facts.ts';
import { Secret } from '../../core/secret.ts';
import type { Follow } from './places.ts';

/** Where references are looked up: the folder of the configuration file, and the environment. */
export interface ConfigContext {
  /** The clouds that a configuration may name; absent is every cloud that can be called. */
  readonly clouds?: readonly CloudFacts[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What remote references were found to lead to, and how they are followed again; absent where none may be. */
  readonly remote?: { readonly found: ReadonlyMap<string, Secret>; readonly follow: Follow };
}

/** Whether a reference leads out of this process and its files. */
export const isRemote = (reference: string): boolean => /^(ssm|secretsmanager|tencent-ssm):./.test(reference);

/** Every remote reference of a configuration, each once, wherever it stands. */
export const remoteReferences = (written: unknown): readonly string[] => {
  if (typeof written === 'string') return isRemote(written) ? [written] : [];
  if (typeof written !== 'object' || written === null) return [];
  return [...new Set(Object.values(written).flatMap(remoteReferences))];
};

/**
 * The secret that `env:NAME` or `file:PATH` refers to, or what was found before where a remote reference leads;
 * `undefined` where there is nothing. One final newline is cut.
 */
export const lookUp = (reference: string, { folder, environment, remote }: ConfigContext): Secret | undefined => {
  if (isRemote(reference)) return remote?.found.get(reference);
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
