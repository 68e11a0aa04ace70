import { Secret } from '../../core/secret.ts';
import type { Environment } from '../../identity/environment.ts';
import { readLocal } from './local.ts';
import { isRemote } from './reference.ts';
import type { Follow } from './remote.ts';

/** What the references of a configuration are looked up in. */
export interface ReferenceSources {
  /** The folder of the configuration file, which the paths of `file:` are relative to. */
  readonly folder: string;
  readonly environment: Environment;
  /** What remote references led to, and how they are followed again; absent if none may be followed. */
  readonly remote?: { readonly found: ReadonlyMap<string, Secret>; readonly follow: Follow };
}

/** The secret that a reference leads to; undefined if it leads nowhere or to an empty text. */
export type Lookup = (reference: string) => Secret | undefined;

/** Looks references up: `env:` and `file:` now, remote ones in what was found when the configuration was read. */
export const lookupIn =
  ({ folder, environment, remote }: ReferenceSources): Lookup =>
  (reference) => {
    if (isRemote(reference)) return remote?.found.get(reference);
    const text = readLocal(reference, folder, environment);
    return text === undefined ? undefined : new Secret(text);
  };

/** Follows references again, whatever their kind. Rejects as `Follow` does. */
export const followAgain = async (references: readonly string[], sources: ReferenceSources): Promise<Lookup> => {
  const { remote } = sources;
  const elsewhere = references.filter(isRemote);
  if (remote === undefined || elsewhere.length === 0) return lookupIn(sources);
  return lookupIn({ ...sources, remote: { ...remote, found: await remote.follow(elsewhere) } });
};
