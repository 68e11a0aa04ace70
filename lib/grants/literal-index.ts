import type { Pattern } from './pattern.ts';

/** One thing that an entry asks for: that a text about the subject matches one of the patterns. */
export interface Requirement {
  /** What the texts are about: a claim, or what is asked for. */
  readonly about: string;
  readonly patterns: readonly Pattern[];
}

/** The texts of a request about a subject; undefined if requirements about it do not concern the request. */
export type TextsAbout = (about: string) => readonly string[] | undefined;

/** Entries, found by what is literal in the patterns that they require. */
export interface LiteralIndex<Entry> {
  /** Every entry whose requirements a request meets, in the order of all; some that it does not meet may be among them. */
  candidates(textsAbout: TextsAbout): readonly Entry[];
}

/** So few entries are tried in turn, which costs less than looking them up. */
const fewEntries = 8;

/** An entry at its place among all, with the requirements that it is not yet filed by. */
interface Filed<Entry> {
  readonly place: number;
  readonly entry: Entry;
  readonly requirements: readonly Requirement[];
}

/** Part of a text by which patterns are looked up that have a wildcard; the others by the whole text. */
const parts = {
  beginning: (text: string, length: number): string => text.slice(0, length),
  end: (text: string, length: number): string => text.slice(text.length - length),
};

/** One way to file an entry: by one of its requirements, under what is literal in each of its patterns. */
interface Filing {
  readonly about: string;
  readonly by: keyof typeof parts;
  readonly keys: ReadonlySet<string>;
}

const wholeKey = (text: string): string => `=${text}`;
const partKey = (text: string): string => `*${text}`;

const filingsBy = ({ about, patterns }: Requirement): readonly Filing[] => {
  const keysBy = (by: keyof typeof parts) =>
    new Set(patterns.map(({ written, ends }) => (ends === undefined ? wholeKey(written) : partKey(ends[by]))));
  const filing = { about, by: 'beginning' as const, keys: keysBy('beginning') };
  return patterns.some(({ ends }) => ends?.end) ? [filing, { about, by: 'end', keys: keysBy('end') }] : [filing];
};

/** Entries that are tried in turn, and tables in which to look for others. */
interface Level<Entry> {
  readonly entries: readonly Filed<Entry>[];
  readonly tables: readonly Table<Entry>[];
}

/** Entries that are filed by requirements about the same subject. */
interface Table<Entry> extends Omit<Filing, 'keys'> {
  readonly entries: Filed<Entry>[];
  readonly groups: Map<string, Group<Entry>>;
  /** Of the keys that are parts of a text. */
  readonly lengths: Set<number>;
}

/** Entries under one key. They become a level when they are first looked for. */
interface Group<Entry> {
  readonly entries: Filed<Entry>[];
  level?: Level<Entry>;
}

/** For each entry the way to file it that leaves the fewest others under the same keys. */
const bestFilings = (entries: readonly Filed<unknown>[]): readonly (Filing | undefined)[] => {
  const counts = new Map<string, number>();
  const countKey = ({ about, by }: Filing, key: string): string => `${by} ${key.length} ${key}${about}`;
  const ways = entries.map(({ requirements }) => requirements.flatMap(filingsBy));
  for (const filing of ways.flat()) {
    for (const key of filing.keys) counts.set(countKey(filing, key), (counts.get(countKey(filing, key)) ?? 0) + 1);
  }
  const sharers = (filing: Filing): number =>
    [...filing.keys].reduce((sum, key) => sum + (counts.get(countKey(filing, key)) ?? 0), 0);
  return ways.map((filings) => {
    const [first, ...others] = filings.map((filing) => ({ filing, cost: sharers(filing) }));
    return first && others.reduce((best, other) => (other.cost < best.cost ? other : best), first).filing;
  });
};

const levelOf = <Entry>(entries: readonly Filed<Entry>[]): Level<Entry> => {
  if (entries.length <= fewEntries) return { entries, tables: [] };
  const unfiled: Filed<Entry>[] = [];
  const tables = new Map<string, Table<Entry>>();
  const filings = bestFilings(entries);
  for (const [index, entry] of entries.entries()) {
    const filing = filings[index];
    if (filing === undefined) unfiled.push(entry);
    else file(entry, filing, tables);
  }
  return { entries: unfiled, tables: [...tables.values()] };
};

const file = <Entry>(entry: Filed<Entry>, { about, by, keys }: Filing, tables: Map<string, Table<Entry>>): void => {
  const name = `${by} ${about}`;
  const table: Table<Entry> = tables.get(name) ?? { about, by, entries: [], groups: new Map(), lengths: new Set() };
  tables.set(name, table);
  // Filed by one requirement after the other, so that there are as many levels at most.
  const rest = { ...entry, requirements: entry.requirements.filter((requirement) => requirement.about !== about) };
  table.entries.push(rest);
  for (const key of keys) {
    if (key.startsWith('*')) table.lengths.add(key.length - 1);
    const group: Group<Entry> = table.groups.get(key) ?? { entries: [] };
    group.entries.push(rest);
    table.groups.set(key, group);
  }
};

const collect = <Entry>({ entries, tables }: Level<Entry>, textsAbout: TextsAbout, found: Map<number, Entry>): void => {
  for (const { place, entry } of entries) found.set(place, entry);
  for (const table of tables) {
    const texts = textsAbout(table.about);
    if (texts === undefined) collect({ entries: table.entries, tables: [] }, textsAbout, found);
    else for (const text of texts) collectFrom(table, text, textsAbout, found);
  }
};

const collectFrom = <Entry>(
  { groups, lengths, by }: Table<Entry>,
  text: string,
  textsAbout: TextsAbout,
  found: Map<number, Entry>,
): void => {
  const under = (key: string): void => {
    const group = groups.get(key);
    if (group === undefined) return;
    group.level ??= levelOf(group.entries);
    collect(group.level, textsAbout, found);
  };
  under(wholeKey(text));
  for (const length of lengths) if (length <= text.length) under(partKey(parts[by](text, length)));
};

/**
 * Files each entry under what is literal in one of its requirements, of those the one that fewest others share, and within
 * a group that is still large under another. So a request finds its entries among many without trying them all.
 */
export const literalIndex = <Entry>(
  entries: readonly Entry[],
  requirementsOf: (entry: Entry) => readonly Requirement[],
): LiteralIndex<Entry> => {
  const all = entries.map((entry, place) => ({ place, entry, requirements: requirementsOf(entry) }));
  const first: Group<Entry> = { entries: all };
  return {
    candidates: (textsAbout) => {
      first.level ??= levelOf(first.entries);
      // So few that they are all tried.
      if (first.level.tables.length === 0) return entries;
      const found = new Map<number, Entry>();
      collect(first.level, textsAbout, found);
      return [...found.entries()].sort(([one], [other]) => one - other).map(([, entry]) => entry);
    },
  };
};
