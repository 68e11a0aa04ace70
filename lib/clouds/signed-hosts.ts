import type { DialectContext } from '../core/cloud.ts';
import { signedPaths } from '../core/http.ts';

/**
 * The names under which a sender may have signed a request to this server: those of the configuration if there are any,
 * or else the Host header. A signature over another host is for another server, whoever passed it on.
 */
export const signedHosts = ({ request, publicHosts = [] }: DialectContext): readonly string[] =>
  publicHosts.length === 0 ? [request.host] : publicHosts;

/**
 * The hosts and paths that the sender may have signed, where the path of the API does not show the prefix of a gateway
 * before us: each name of this server, with each path it was asked at and with `ownPath`.
 */
export const signedPlaces = (
  context: DialectContext,
  ownPath = '/',
): readonly { readonly host: string; readonly path: string }[] => {
  const paths = new Set([...signedPaths(context.request), ownPath]);
  return signedHosts(context).flatMap((host) => [...paths].map((path) => ({ host, path })));
};
