import { configOfEnvironment } from '../config/config-of-environment.ts';
import type { Config } from '../config/load.ts';
import { followReferences, type ReferenceDeps } from '../config/references/remote.ts';

/** The configuration of this process, its references followed wherever they lead: once, before its first request. */
export const openConfig = (deps: ReferenceDeps): Promise<Config> =>
  configOfEnvironment((places) => followReferences(places, deps));
