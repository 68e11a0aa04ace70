import { type Config, fetchConfig } from '../config/load.ts';
import type { ReferenceDeps } from '../config/references/deps.ts';

/**
 * The configuration of this process, with its references followed: the one that `CREDMINT_CONFIG` names, or
 * `credmint.config.json` of the working folder. Rejects with a ConfigError that names every fault.
 *
 * @example
 * const config = await openConfig(processDeps());
 */
export const openConfig = (deps: ReferenceDeps): Promise<Config> =>
  fetchConfig(process.env['CREDMINT_CONFIG'] ?? 'credmint.config.json', process.env, deps);
