import { logins } from '../access/callers/login.ts';
import { createAuthority } from '../authority/authority.ts';
import type { Cloud } from '../sts/cloud.ts';
import type { Foundation } from './rooms.ts';

/** The built-in authority, speaking as these clouds do. A function that does not name it does not carry it. */
export const builtIn =
  (clouds: readonly Cloud[]): Foundation =>
  ({ authority: settings }, keys, store) => {
    if (settings === undefined) return undefined;
    const namings = new Map(clouds.map((cloud) => [cloud.id, cloud.naming]));
    return { authority: createAuthority(settings, namings), logins: logins(settings.ring, keys, store) };
  };
