import type { HttpRequest } from '../core/http.ts';
import { escapeText, type Params, readQuery } from '../wire/query.ts';

// What the schemes that sign a canonical request have in common.

/** The value of a header as it travels; the host is the request's own. Empty if there is none. */
export const headerValue = ({ headers, host }: Pick<HttpRequest, 'headers' | 'host'>, name: string): string => {
  const value: unknown = name === 'host' ? host : headers[name];
  // What an object inherits is never text.
  return typeof value === 'string' ? value : '';
};

/** Names and values as RFC 3986 escapes them, sorted by escaped name: no two are alike. */
export const canonicalParams = (params: Params, except?: string): string => {
  const pieces: [string, string][] = [];
  for (const [name, value] of params) if (name !== except) pieces.push([escapeText(name), escapeText(value)]);
  pieces.sort(([name], [other]) => (name < other ? -1 : 1));
  return pieces.map(([name, value]) => `${name}=${value}`).join('&');
};

/**
 * A query in the one spelling that is signed: decoded and escaped again, since clients send some characters bare that
 * they sign escaped. A query that cannot be read stays as it is.
 */
export const canonicalQuery = (query: string, except?: string): string => {
  if (query === '') return '';
  const reading = readQuery(query);
  return 'fault' in reading ? query : canonicalParams(reading.params, except);
};
