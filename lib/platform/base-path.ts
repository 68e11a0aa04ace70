import { isObject } from '../wire/json.ts';
import { maxPathLength } from './raw-request.ts';

/** The path that a route stands for in this request; undefined if the route says nothing of it. */
const routedPath = (route: string, parameters: unknown): string | undefined => {
  if (!route.startsWith('/')) return undefined;
  let known = true;
  const path = route.replace(/\{(\w+)\+?\}/g, (_, name: string) => {
    const value = isObject(parameters) && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (typeof value !== 'string') known = false;
    return String(value);
  });
  return known ? path : undefined;
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/**
 * What a gateway has put in front of the path that its route knows: the name of a stage, the base path of a domain, or
 * both; undefined if the route does not say, or if the path is longer than any that is served. Callers have signed the path with it.
 *
 * @example
 * basePathOf('/live/leases/nightly', '/{proxy+}', { proxy: 'leases/nightly' }); // '/live'
 */
export const basePathOf = (sent: string, route: string, parameters: unknown): string | undefined => {
  if (sent.length > maxPathLength) return undefined;
  const routed = routedPath(route, parameters);
  if (routed === undefined) return undefined;
  // From the end, each segment once: only one rest of the path can be as long as what is sought.
  const sought = routed.split('/').map(decoded).join('/');
  let rest = '';
  let at = sent.length;
  while (at > 0 && rest.length < sought.length) {
    const from = Math.max(0, sent.lastIndexOf('/', at - 1));
    rest = decoded(sent.slice(from, at)) + rest;
    at = from;
  }
  if (rest === sought) return sent.slice(0, at);
  return routed === '/' ? sent.replace(/\/$/, '') : undefined;
};

/** The path as routes know it, and its base path if it has one. */
export const splitPath = (
  sent: string,
  basePath: string | undefined,
): { readonly path: string; readonly basePath?: string } =>
  basePath === undefined || basePath === '' ? { path: sent } : { path: sent.slice(basePath.length) || '/', basePath };
