import { upstreamsWith } from '../lib/clouds/dialects.ts';
import type { Cloud } from '../lib/core/cloud.ts';
import type { PossibleDeps } from '../lib/diagnostics/impossible.ts';

/** What the roles of each cloud begin with: what two names of different accounts have in common. */
const rolePrefixesOf = (clouds: readonly Cloud[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    clouds.map(({ id, naming }) => [
      id,
      naming.roles('ACCOUNT', 'NAME', 'ID').map((role) => role.slice(0, role.indexOf('ACCOUNT'))),
    ]),
  );

/** What is known of the clouds, to tell what can never work. */
export const possibleDepsOf = (clouds: readonly Cloud[]): PossibleDeps => ({
  upstreams: upstreamsWith(clouds),
  rolePrefixes: rolePrefixesOf(clouds),
});
