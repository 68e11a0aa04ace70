import { ConfigError, readConfig } from '../../lib/config/load.ts';
import type { ReferenceSources } from '../../lib/config/references/resolver.ts';

/** Every fault of a configuration, each as `PATH: WHY`; none if it is usable. */
export const configFaults = (json: unknown, sources: Partial<ReferenceSources> = {}): readonly string[] => {
  try {
    readConfig(json, { folder: '/nowhere', environment: {}, ...sources });
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.faults;
    throw thrown;
  }
};
