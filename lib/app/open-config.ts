import { type Config, fetchConfig } from '../config/load.ts';
import type { ReferenceDeps } from '../config/references/deps.ts';

/**
 * The configuration of this process, its references followed wherever they lead: the one that `CREDMINT_CONFIG` names,
 * or `credmint.config.json` of the working folder. Read once, before the first request.
 */
export const openConfig = (deps: ReferenceDeps): Promise<Config> =>
  fetchConfig(process.env['CREDMINT_CONFIG'] ?? 'credmint.config.json', process.env, deps);
