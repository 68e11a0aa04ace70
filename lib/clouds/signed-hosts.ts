import type { DialectContext } from '../core/cloud.ts';

/**
 * The names under which a sender may have signed a request to this server: those of the configuration if there are any,
 * or else the Host header. A signature over another host is for another server, whoever passed it on.
 */
export const signedHosts = ({ request, publicHosts = [] }: DialectContext): readonly string[] =>
  publicHosts.length === 0 ? [request.host] : publicHosts;
