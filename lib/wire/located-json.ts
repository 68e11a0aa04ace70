/** A place in a text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a text of JSON says and where each member stands, by its path (`accounts.prod.key`); or why it is not JSON. */
export type LocatedJson =
  | { readonly value: unknown; placeOf(path: string): Place }
  | { readonly fault: string; readonly place: Place };

const maxDepth = 32;
const space = /[ \t\n\r]*/y;
const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;

class Unreadable extends Error {
  readonly at: number;

  constructor(at: number, why: string) {
    super(why);
    this.at = at;
  }
}

/**
 * Reads JSON (RFC 8259) that a person wrote. Refuses a name that stands twice in one object, of which two readers could
 * take two things. No fault quotes the text, which may hold a secret.
 */
export const readLocatedJson = (text: string): LocatedJson => {
  const places = new Map<string, number>();
  const source = text.replace(/^\ufeff/, ' ');
  let at = 0;

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const mark = (): string => {
    take(space);
    return source[at] ?? '';
  };
  const expect = (wanted: string, why: string): void => {
    if (mark() !== wanted) throw new Unreadable(at, why);
    at++;
  };

  /** The items of an object or a list, whose first character was taken. */
  const items = (end: string, item: () => void): void => {
    if (mark() === end) {
      at++;
      return;
    }
    for (;;) {
      item();
      const next = mark();
      if (next !== ',' && next !== end) throw new Unreadable(at, `a comma or ${end} is missing`);
      at++;
      if (next === end) return;
      if (mark() === end) throw new Unreadable(at, 'there is a comma too many');
    }
  };

  const read = (path: string, depth: number): unknown => {
    if (depth > maxDepth) throw new Unreadable(at, `it nests deeper than ${maxDepth}`);
    const first = mark();
    if (!places.has(path)) places.set(path, at);
    const below = (name: string | number): string => (path === '' ? String(name) : `${path}.${name}`);
    if (first === '{') {
      at++;
      const names = new Set<string>();
      const members: [string, unknown][] = [];
      items('}', () => {
        const begins = mark() === '"' ? at : -1;
        const written = begins < 0 ? undefined : take(string);
        if (written === undefined) throw new Unreadable(at, 'a name in double quotes is missing');
        const name: string = JSON.parse(written);
        if (names.has(name)) throw new Unreadable(begins, 'this name stands twice in one object');
        names.add(name);
        places.set(below(name), begins);
        expect(':', 'a colon is missing');
        members.push([name, read(below(name), depth + 1)]);
      });
      return Object.fromEntries(members);
    }
    if (first === '[') {
      at++;
      const list: unknown[] = [];
      items(']', () => list.push(read(below(list.length), depth + 1)));
      return list;
    }
    const written = first === '"' ? take(string) : take(literal);
    if (written === undefined) throw new Unreadable(at, first === '' ? 'it ends too early' : 'a value cannot be read');
    return JSON.parse(written);
  };

  const placeAt = (offset: number): Place => {
    const before = text.slice(0, offset).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
  try {
    const value = read('', 0);
    if (mark() !== '') throw new Unreadable(at, 'something follows its end');
    return { value, placeOf: (path) => placeAt(offsetOf(places, path)) };
  } catch (thrown) {
    if (thrown instanceof Unreadable) return { fault: thrown.message, place: placeAt(thrown.at) };
    throw thrown;
  }
};

/** Of a member that is missing, where the nearest one around it stands. */
const offsetOf = (places: ReadonlyMap<string, number>, path: string): number => {
  for (let known = path; known !== ''; known = known.slice(0, Math.max(0, known.lastIndexOf('.')))) {
    const offset = places.get(known);
    if (offset !== undefined) return offset;
  }
  return places.get('') ?? 0;
};
