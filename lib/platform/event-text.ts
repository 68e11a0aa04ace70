import { isObject } from '../wire/json.ts';

/** A member of an event, at any depth. */
export const memberOf = (event: unknown, ...path: readonly string[]): unknown => {
  let value: unknown = event;
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
};

/** A member of an event; undefined if it is not text. */
export const textOf = (event: unknown, ...path: readonly string[]): string | undefined => {
  const value = memberOf(event, ...path);
  return typeof value === 'string' ? value : undefined;
};

/**
 * Headers by lower-case name, each from the first source that has it: an object of texts or of lists of texts. Those that
 * came twice are joined, in whatever case they were written, since a gateway before us may have believed either.
 */
export const headersOf = (...sources: readonly unknown[]): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const source of sources.filter(isObject)) {
    const earlier = new Set(Object.keys(headers));
    for (const [written, value] of Object.entries(source)) {
      const name = written.toLowerCase();
      if (earlier.has(name)) continue;
      for (const text of Array.isArray(value) ? value : [value]) {
        if (typeof text === 'string') headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${text}` : text;
      }
    }
  }
  return headers;
};

/** The bytes of an event's body. */
export const bodyOf = (event: Record<string, unknown>): Uint8Array => {
  const { body, isBase64Encoded } = event;
  if (typeof body !== 'string') return new Uint8Array();
  return Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
};

/** A lone surrogate, which JSON can hold but UTF-8 cannot, becomes U+FFFD rather than an exception. */
const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());

/** A query string, written from the decoded parameters that some gateways give in its place. */
export const queryOf = (...sources: readonly unknown[]): string => {
  for (const source of sources) {
    if (typeof source === 'string') return source;
    if (!isObject(source)) continue;
    const pieces: string[] = [];
    for (const [name, value] of Object.entries(source)) {
      for (const item of Array.isArray(value) ? value : [value]) {
        pieces.push(`${escaped(name)}=${escaped(typeof item === 'string' ? item : '')}`);
      }
    }
    if (pieces.length > 0) return pieces.join('&');
  }
  return '';
};
