import { isObject } from '../wire/json.ts';

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

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/**
 * What a gateway has put in front of the path that its route knows: the name of a stage, the base path of a domain, or
 * both; undefined if the route does not say. Callers have signed the path with it.
 *
 * @example
 * basePathOf('/live/leases/nightly', '/{proxy+}', { proxy: 'leases/nightly' }); // '/live'
 */
export const basePathOf = (sent: string, route: string, parameters: unknown): string | undefined => {
  const routed = routedPath(route, parameters);
  if (routed === undefined) return undefined;
  for (let at = 0; at !== -1; at = sent.indexOf('/', at + 1)) {
    const rest = sent.slice(at);
    if (rest === routed || decoded(rest) === decoded(routed)) return sent.slice(0, at);
  }
  return routed === '/' ? sent.replace(/\/$/, '') : undefined;
};

/** The path as routes know it, and its base path if it has one. */
export const splitPath = (
  sent: string,
  basePath: string | undefined,
): { readonly path: string; readonly basePath?: string } =>
  basePath === undefined || basePath === '' ? { path: sent } : { path: sent.slice(basePath.length) || '/', basePath };
