import { logins } from '../auth/keys/logins.ts';
import { createAuthority } from '../authority/authority.ts';
import type { Cloud } from '../core/cloud.ts';
import type { AuthorityFactory } from './function-spec.ts';

/**
 * The built-in authority, naming roles and keys as these clouds do. A function whose spec does not name it does not
 * carry it.
 *
 * @example
 * const spec: FunctionSpec = { dialects: [aws.dialect], clouds: [aws], authority: builtInAuthority([aws]) };
 */
export const builtInAuthority =
  (clouds: readonly Cloud[]): AuthorityFactory =>
  ({ authority: settings }, keys, store) => {
    if (settings === undefined) return undefined;
    const namings = new Map(clouds.map((cloud) => [cloud.id, cloud.naming]));
    return { authority: createAuthority(settings, namings), logins: logins(settings.ring, keys, store) };
  };
