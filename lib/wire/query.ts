/** Parameters by name, in the order they came. */
export type Params = ReadonlyMap<string, string>;

/** Why a text is no query that may be acted on. */
export type QueryFault =
  | 'too many parameters'
  | 'a parameter came twice'
  | 'an escape is not UTF-8'
  | 'a name ends in a number';

/**
 * The parameters, or what is wrong. `legible` is what can be read nevertheless, the first of each name: enough to find
 * out whose dialect it is and answer in it, and nothing to act on.
 */
export type QueryReading = { readonly params: Params } | { readonly fault: QueryFault; readonly legible: Params };

/**
 * Parameters that one request may have. The longest that is legal is AWS's AssumeRole, presigned: 50 tags of two, 50
 * transitive keys, 10 policies, 10 others and 7 of the signature are 177. The room above that is for those who exceed
 * the limit of a list: its operation tells them which.
 */
export const maxParameters = 512;

/**
 * Reads a query string or form body (WHATWG URL, 5.1), decoding exactly once: `+` is a space, `%2B` a plus. Stricter
 * than the standard if laxity would let two readers of one request see two different things: a name that comes
 * twice and an escape that is not UTF-8 are faults. The names in `repeatable` may come again: they are read as `NAME.0`,
 * `NAME.1` and so on, which nobody may write.
 */
export const readQuery = (text: string, repeatable: readonly string[] = []): QueryReading => {
  const params = new Map<string, string>();
  const counts = new Map(repeatable.map((name) => [name, 0]));
  let fault: QueryFault | undefined;
  let pieces = 0;
  let equals = -1;
  for (let at = 0; at < text.length; ) {
    if (++pieces > maxParameters) {
      fault = 'too many parameters';
      break;
    }
    const end = indexOrEnd(text, '&', at);
    if (equals < at) equals = indexOrEnd(text, '=', at);
    const [start, nameEnd] = [at, Math.min(equals, end)];
    at = end + 1;
    if (end === start) continue;
    const written = unescapeForm(text.slice(start, nameEnd));
    const value = unescapeForm(text.slice(nameEnd + 1, end));
    const count = written === undefined ? undefined : counts.get(written);
    const name = count === undefined ? written : `${written}.${count}`;
    if (count !== undefined && written !== undefined) counts.set(written, count + 1);
    if (name === undefined || value === undefined) fault ??= 'an escape is not UTF-8';
    else if (repeatable.some((one) => written?.startsWith(`${one}.`))) fault ??= 'a name ends in a number';
    else if (params.has(name)) fault ??= 'a parameter came twice';
    else params.set(name, value);
  }
  return fault === undefined ? { params } : { fault, legible: params };
};

/** Where a character comes next, or else where the text ends. */
const indexOrEnd = (text: string, character: string, from: number): number => {
  const index = text.indexOf(character, from);
  return index < 0 ? text.length : index;
};

/** Undoes one layer of form encoding: `+` is a space. Returns undefined if the escapes are not UTF-8. */
export const unescapeForm = (text: string): string | undefined => {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  return spaced.includes('%') ? unescapeText(spaced) : spaced;
};

/** Undoes one layer of URL-encoding, leaving `+` alone. Returns undefined if the escapes are not UTF-8. */
export const unescapeText = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
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
