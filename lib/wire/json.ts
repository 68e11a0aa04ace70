const deepest = 32;

/**
 * The value of a JSON text (RFC 8259). Returns undefined if it is not JSON, or nests deeper than 32. Does not say why:
 * `JSON.parse` quotes its input when it complains, and the input may hold a secret.
 */
export const readJson = (text: string): unknown => readCountedJson(text)?.value;

/** The same, with how many names its objects were given in the text: in the value there are fewer if one came twice. */
export const readCountedJson = (text: string): { readonly value: unknown; readonly names: number } | undefined => {
  const { depth, names } = structureOf(text);
  if (depth > deepest) return undefined;
  try {
    return { value: JSON.parse(text), names };
  } catch {
    return undefined;
  }
};

/** A text without the byte order mark that some editors and servers put before it (RFC 8259, 8.1). */
export const withoutByteOrderMark = (text: string): string => text.replace(/^\ufeff/, '');

/** The members of a JSON object by own name only, so that `constructor` and `__proto__` find nothing inherited. */
export const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** The text of a member that is one. Returns undefined if it is another kind of value, or empty. */
export const memberText = (value: unknown, name: string): string | undefined => {
  const text = member(value, name);
  return typeof text === 'string' && text !== '' ? text : undefined;
};

/** Whether a value of JSON is an object: neither a list nor null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether every number in a value of JSON is surely as it was written: `JSON.parse` rounds what a double cannot hold, and
 * only whole numbers up to 2^53 show that they were not.
 */
export const holdsExactNumbers = (value: unknown): boolean => {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(holdsExactNumbers);
};

/** Whether a value that somebody else has read nests deeper than `readJson` reads: to walk it could end the process. */
export const isTooDeep = (value: unknown, levels = deepest): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isTooDeep(one, levels - 1));
};

/** How deep the value of a JSON text nests, and how many names its objects have: outside of texts, a colon is behind a name. */
const structureOf = (text: string): { readonly depth: number; readonly names: number } => {
  let depth = 0;
  let most = 0;
  let names = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x3a) names++;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > most) most = depth;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return { depth: most, names };
};
