import { resolve } from 'node:path';
import { type BuiltConfiguration, openBuilt } from '../config/built.ts';
import { type Config, fetchConfig } from '../config/load.ts';
import type { ReferenceDeps } from '../config/references/deps.ts';
import type { Environment } from '../identity/environment.ts';

/** The file that `CREDMINT_CONFIG` names, or `credmint.config.json`, in the folder; by default the working folder. */
export const configPathOf = ({ CREDMINT_CONFIG }: Environment, folder = ''): string =>
  resolve(folder, CREDMINT_CONFIG || 'credmint.config.json');

/**
 * The configuration of this process, with its references followed; its path is relative to the folder, by default the
 * working folder. Rejects with a ConfigError that names every fault.
 *
 * @example
 * const config = await openConfig(processDeps());
 */
export const openConfig = (deps: ReferenceDeps, folder = ''): Promise<Config> =>
  fetchConfig(configPathOf(process.env, folder), process.env, deps);

/** The configuration that a function was built for. Rejects as `openConfig` does, and if there is another one in a file. */
export const openBuiltConfig = (built: BuiltConfiguration, deps: ReferenceDeps, folder: string): Promise<Config> => {
  const file = { path: configPathOf(process.env, folder), isNamed: Boolean(process.env['CREDMINT_CONFIG']) };
  return openBuilt(built, file, process.env, deps);
};
