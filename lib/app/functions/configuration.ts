import type { BuiltConfiguration } from '../../config/built.ts';
import type { Config } from '../../config/load.ts';
import type { ReferenceDeps } from '../../config/references/deps.ts';
import { openBuiltConfig, openConfig } from '../open-config.ts';
import { functionFolder } from './function-folder.ts';

/** The first line of a packaged function: the configuration that it is built for. Unbuilt sources have none. */
declare const CREDMINT_CONFIGURATION: BuiltConfiguration;

/** From where a function takes its configuration: in a package only from its own code. */
const sources = {
  file: (deps: ReferenceDeps): Promise<Config> => openConfig(deps, functionFolder),
  built: (deps: ReferenceDeps): Promise<Config> => openBuiltConfig(CREDMINT_CONFIGURATION, deps, functionFolder),
};

/** The configuration of this function, its references followed. Rejects with a ConfigError that names every fault. */
export const openConfiguration = (deps: ReferenceDeps): Promise<Config> =>
  (typeof CREDMINT_CONFIGURATION === 'undefined' ? sources.file : sources.built)(deps);
