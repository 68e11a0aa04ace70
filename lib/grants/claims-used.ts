import type { Caller } from '../core/caller.ts';
import { claimOf, claimTexts } from './claims.ts';
import type { Grant } from './grant.ts';

const prefix = 'claims.';

const namesIn = ({ claims = [], acr, amr, references }: Grant): ReadonlySet<string> =>
  new Set([
    ...claims.map(({ name }) => name),
    ...(acr === undefined ? [] : ['acr']),
    ...(amr === undefined ? [] : ['amr']),
    ...[...references.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
  ]);

/** The texts of every claim that a grant looks at, by the claim's name; undefined if it looks at none. */
export const claimsUsed = (
  grant: Grant,
  { claims = {} }: Caller,
): Readonly<Record<string, readonly string[]>> | undefined => {
  const names = [...namesIn(grant)].sort();
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, claimTexts(claimOf(claims, name))]));
};
