import type { PackageConfiguration } from './configuration.ts';

/** Whatever leads out of the process is replaced, by the member of the configuration that it is in. */
type Written = Readonly<Record<string, unknown>>;

/** The environment variable that stands for the reference at this place of the list. */
const variableOf = (index: number): string => `CREDMINT_STAND_IN_${index}`;

/**
 * A configuration to rehearse a package with, and the environment that it needs: every reference but those to packaged
 * files leads to a stand-in, nothing is written but to standard output, and nothing is due.
 */
export const rehearsedConfiguration = ({
  json,
  standIns,
}: PackageConfiguration): { readonly json: Written; readonly environment: Record<string, string> } => {
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
  const { leases: _leases, notify: _notify, audit: _audit, ...rest } = replaced(json) as Written;
  const { store } = rest as { readonly store?: Written };
  return {
    json: store?.['kind'] === 'sqlite' ? { ...rest, store: { ...store, path: 'rehearsal.sqlite' } } : rest,
    environment,
  };
};
