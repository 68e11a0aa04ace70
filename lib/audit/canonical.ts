/** A JSON value. A member that is `undefined` is absent. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/**
 * The one spelling of a JSON value (RFC 8785): names by their UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them. A lone surrogate, for which the RFC has no spelling, is written as its escape.
 */
export const canonicalJson = (value: Json): string => (isOrdered(value) ? JSON.stringify(value) : write(value));

/** Whether all names are in order already, as in nearly every audit record: then the built-in writer is 3 times faster. */
const isOrdered = (value: Json | undefined): boolean => {
  if (value === null || typeof value !== 'object') return true;
  if (isList(value)) return value.every(isOrdered);
  let previous: string | undefined;
  for (const name of Object.keys(value)) {
    if ((previous !== undefined && previous > name) || !isOrdered(value[name])) return false;
    previous = name;
  }
  return true;
};

const write = (value: Json): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(write).join(',')}]`;
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${write(member)}`);
  }
  return `{${members.join(',')}}`;
};

const isList = (value: object): value is readonly Json[] => Array.isArray(value);
