/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * The one spelling of a JSON value (RFC 8785): names by their UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them. A lone surrogate, for which the RFC has no spelling, is written as its escape.
 */
export const canonicalJson = (value: Json): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
};

const isList = (value: object): value is readonly Json[] => Array.isArray(value);
