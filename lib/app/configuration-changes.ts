import { ConfigError } from '../config/config-error.ts';
import type { Config } from '../config/load.ts';

type Section = keyof Config['written'];

/** What is open for as long as the process lives: its port, its store, its audit trail. */
const fixed: readonly Section[] = ['server', 'tls', 'store', 'audit', 'emf', 'telemetry'];

/** What the cache, the quotas and the circuit breakers depend on. */
const minting: readonly Section[] = ['accounts', 'cache', 'authority'];

const isSame = (one: Config, other: Config, section: Section): boolean =>
  JSON.stringify(one.written[section]) === JSON.stringify(other.written[section]);

/** Throws a ConfigError that names the sections which differ and which only a new process can change. */
export const refuseFixedChanges = (before: Config, after: Config): void => {
  const faults = fixed
    .filter((section) => !isSame(before, after, section))
    .map((section) => `${section}: was changed, which takes a restart`);
  if (faults.length > 0) throw new ConfigError(faults);
};

const shareableGrants = ({ grants }: Config): string =>
  JSON.stringify(grants.flatMap(({ name, shareable }) => (shareable ? [name] : [])).sort());

/** Whether what was minted before is still right: then the cache goes on. */
export const keepsMint = (before: Config, after: Config): boolean =>
  minting.every((section) => isSame(before, after, section)) && shareableGrants(before) === shareableGrants(after);
