import { configOfEnvironment } from '../config/config-of-environment.ts';
import type { Config } from '../config/load.ts';
import { followReferences, type ReferenceDeps } from '../config/references/remote.ts';

/**
 * The configuration of this process, with its references followed. Rejects with a ConfigError that names every fault.
 *
 * @example
 * const config = await openConfig(processDeps());
 */
export const openConfig = (deps: ReferenceDeps): Promise<Config> =>
  configOfEnvironment((places) => followReferences(places, deps));
