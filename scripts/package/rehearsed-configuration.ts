import type { WrittenConfig } from '../../lib/config/schema.ts';
import type { PackageConfiguration } from './configuration.ts';

/** The environment variable that stands for the reference at this place of the list. */
const variableOf = (index: number): string => `CREDMINT_STAND_IN_${index}`;

/**
 * A configuration to rehearse a package with, and the environment that it needs: every reference but those to packaged
 * files leads to a stand-in, nothing is written but to standard output, and nothing is due.
 */
export const rehearsedConfiguration = ({
  written,
  standIns,
}: PackageConfiguration): { readonly written: WrittenConfig; readonly environment: Record<string, string> } => {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(standIns.environment))
    if (typeof value === 'string') environment[name] = value;
  const variables = new Map(
    [...standIns.texts].map(([reference, text], index) => {
      environment[variableOf(index)] = text;
      return [reference, `env:${variableOf(index)}`] as const;
    }),
  );
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string') return variables.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner)]));
  };
  const { store, audit, ...rest } = replaced(written) as WrittenConfig;
  const { checkpoint } = audit;
  return {
    written: {
      ...rest,
      leases: {},
      notify: [],
      audit: { checkpoint, sink: { kind: 'stdout' }, olderKeys: [] },
      ...(store === undefined
        ? {}
        : { store: store.kind === 'sqlite' ? { ...store, path: 'rehearsal.sqlite' } : store }),
    },
    environment,
  };
};
