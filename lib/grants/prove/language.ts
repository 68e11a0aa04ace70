import { type Automaton, automaton, exactAutomaton, areApart as patternsAreApart } from './automaton.ts';

/**
 * A set of texts: those that match one pattern of each union in `some`, and no pattern in `none`. Closed under
 * intersection and under subtraction of a union of patterns, which is all that proofs need.
 */
export interface Language {
  readonly some: readonly (readonly Automaton[])[];
  readonly none: readonly Automaton[];
}

/** Every text. */
export const anyText: Language = { some: [], none: [] };

/** The texts that match one of the patterns. */
export const union = (patterns: readonly string[]): Language => ({ some: [patterns.map(automaton)], none: [] });

/** These texts, letter by letter. */
export const exactly = (texts: readonly string[]): Language => ({ some: [texts.map(exactAutomaton)], none: [] });

const merged = <Item>(one: readonly Item[], other: readonly Item[]): readonly Item[] => [
  ...new Set([...one, ...other]),
];

export const intersection = (one: Language, other: Language): Language => ({
  some: merged(one.some, other.some),
  none: merged(one.none, other.none),
});

/** The texts of `one` that are not in `other`: one language for each way in which a text may fail to be in it. */
export const difference = (one: Language, other: Language): readonly Language[] => [
  ...other.some.map((patterns): Language => ({ some: one.some, none: merged(one.none, patterns) })),
  ...other.none.map((pattern): Language => ({ some: [...one.some, [pattern]], none: one.none })),
];

/** Whether the beginnings and ends of the patterns show that there is no text. */
export const isPlainlyEmpty = ({ some, none }: Language): boolean =>
  some.some(
    (patterns, index) =>
      some
        .slice(index + 1)
        .some((others) => patterns.every((one) => others.every((other) => patternsAreApart(one, other)))) ||
      patterns.every((one) => none.includes(one)),
  );

/** Whether the beginnings and ends of the patterns show that no text is in both. */
export const areApart = (one: Language, other: Language): boolean =>
  one.some.some((patterns) =>
    other.some.some(
      (others) =>
        patterns !== others && patterns.every((mine) => others.every((theirs) => patternsAreApart(mine, theirs))),
    ),
  );

/** A language as one automaton. Its states are numbers, made when they are first reached. */
export interface Reader {
  readonly start: number;
  step(state: number, letter: string): number;
  /** Whether a text that led here is in the language. */
  accepts(state: number): boolean;
  /** Whether no longer text that begins with what led here is in the language, as far as can be told at once. */
  isDead(state: number): boolean;
  /** The letters that can come next, if the patterns allow these only; `undefined` if a wildcard takes others too. */
  nextLetters(state: number): readonly string[] | undefined;
}

/** The state of every automaton of a language, in a fixed order. */
type Positions = readonly number[];

interface ReaderState {
  readonly positions: Positions;
  readonly steps: Map<string, number>;
  readonly accepts: boolean;
  readonly isDead: boolean;
  nextLetters?: { readonly letters: readonly string[] | undefined };
}

const automata = ({ some, none }: Language): readonly Automaton[] => [...some.flat(), ...none];

const acceptsAt = ({ some, none }: Language, positions: Positions): boolean => {
  let index = 0;
  for (const patterns of some) {
    const met = patterns.map((one) => one.accepts(positions[index++] ?? 0)).includes(true);
    if (!met) return false;
  }
  return none.every((one) => !one.accepts(positions[index++] ?? 0));
};

const isDeadAt = ({ some }: Language, positions: Positions): boolean => {
  let index = 0;
  for (const patterns of some) {
    if (patterns.every((_, at) => positions[index + at] === 0)) return true;
    index += patterns.length;
  }
  return false;
};

const nextLettersAt = ({ some }: Language, positions: Positions): readonly string[] | undefined => {
  let index = 0;
  for (const patterns of some) {
    const next = patterns.map((one, at) => one.next(positions[index + at] ?? 0));
    if (next.every(({ others }) => !others)) return next.flatMap(({ letters }) => letters);
    index += patterns.length;
  }
  return undefined;
};

const makeReader = (language: Language): Reader => {
  const all = automata(language);
  const states: ReaderState[] = [];
  const ids = new Map<string, number>();
  const idOf = (positions: Positions): number => {
    const key = positions.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, states.length);
    const state = { accepts: acceptsAt(language, positions), isDead: isDeadAt(language, positions) };
    return states.push({ positions, steps: new Map(), ...state }) - 1;
  };
  const at = (state: number): ReaderState => {
    const found = states[state];
    if (found === undefined) throw new RangeError('There is no such state.');
    return found;
  };
  return {
    start: idOf(all.map(({ start }) => start)),
    step: (state, letter) => {
      const { steps, positions } = at(state);
      const known = steps.get(letter);
      if (known !== undefined) return known;
      const next = idOf(all.map((one, index) => one.step(positions[index] ?? 0, letter)));
      steps.set(letter, next);
      return next;
    },
    accepts: (state) => at(state).accepts,
    isDead: (state) => at(state).isDead,
    nextLetters: (state) => {
      const found = at(state);
      found.nextLetters ??= { letters: nextLettersAt(language, found.positions) };
      return found.nextLetters.letters;
    },
  };
};

const readers = new WeakMap<Language, Reader>();

/** The automaton of a language: the same for the same language, so that what one search found out another knows. */
export const readerOf = (language: Language): Reader => {
  const reader = readers.get(language) ?? makeReader(language);
  readers.set(language, reader);
  return reader;
};

/** The letters that any pattern of the language mentions. */
export const lettersOf = (language: Language): ReadonlySet<string> =>
  new Set(automata(language).flatMap(({ letters }) => [...letters]));
