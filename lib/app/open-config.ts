import { resolve } from 'node:path';
import { type Config, fetchConfig } from '../config/load.ts';
import type { ReferenceDeps } from '../config/references/deps.ts';

/**
 * The configuration of this process, with its references followed: the one that `CREDMINT_CONFIG` names, or
 * `credmint.config.json`; its path is relative to the folder, by default the working folder. Rejects with a ConfigError
 * that names every fault.
 *
 * @example
 * const config = await openConfig(processDeps());
 */
export const openConfig = (deps: ReferenceDeps, folder = ''): Promise<Config> =>
  fetchConfig(resolve(folder, process.env['CREDMINT_CONFIG'] ?? 'credmint.config.json'), process.env, deps);
