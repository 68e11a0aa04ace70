/** Parameters by name, in the order they came. */
export type Params = ReadonlyMap<string, string>;

/** Why a text is no query that may be acted on. */
export type QueryFault = 'too many parameters' | 'a parameter came twice' | 'an escape is not UTF-8';

/** The parameters, or what is wrong. */
export type QueryReading = { readonly params: Params } | { readonly fault: QueryFault };

const maxParameters = 100;

/**
 * Reads a query string or form body (WHATWG URL, 5.1), decoding exactly once: `+` is a space, `%2B` a plus. Stricter
 * than the standard if laxity would let two readers of one request see two different things: a name that comes
 * twice and an escape that is not UTF-8 are faults.
 */
export const readQuery = (text: string): QueryReading => {
  const params = new Map<string, string>();
  if (text === '') return { params };
  const pieces = text.split('&', maxParameters + 1);
  if (pieces.length > maxParameters) return { fault: 'too many parameters' };
  for (const piece of pieces) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    const name = unescapeForm(equals < 0 ? piece : piece.slice(0, equals));
    const value = equals < 0 ? '' : unescapeForm(piece.slice(equals + 1));
    if (name === undefined || value === undefined) return { fault: 'an escape is not UTF-8' };
    if (params.has(name)) return { fault: 'a parameter came twice' };
    params.set(name, value);
  }
  return { params };
};

/** Undoes one layer of form encoding: `+` is a space. Returns undefined if the escapes are not UTF-8. */
export const unescapeForm = (text: string): string | undefined => {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
};

const unreserved = /^[A-Za-z0-9_.~-]*$/;

/** Escapes everything but the unreserved characters of RFC 3986, 2.3. A lone surrogate becomes U+FFFD. */
export const escapeText = (text: string): string =>
  unreserved.test(text)
    ? text
    : encodeURIComponent(text.toWellFormed()).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      );

/** Writes a query string or form body in the order given; a space is `%20`, which every reader takes. */
export const writeQuery = (params: Iterable<readonly [string, string]>): string => {
  const pieces: string[] = [];
  for (const [name, value] of params) pieces.push(`${escapeText(name)}=${escapeText(value)}`);
  return pieces.join('&');
};
