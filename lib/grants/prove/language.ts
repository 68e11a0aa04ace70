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

/** Whether the beginnings of the patterns show that there is no text. */
export const isPlainlyEmpty = ({ some, none }: Language): boolean =>
  some.some(
    (patterns, index) =>
      patterns.length === 0 ||
      some
        .slice(index + 1)
        .some((others) => patterns.every((one) => others.every((other) => patternsAreApart(one, other)))) ||
      (none.length > 0 && patterns.every((one) => none.includes(one))),
  );

/** Whether the beginnings of the patterns show that no text is in both. */
export const areApart = (one: Language, other: Language): boolean =>
  one.some.some((patterns) =>
    other.some.some(
      (others) =>
        patterns !== others && patterns.every((mine) => others.every((theirs) => patternsAreApart(mine, theirs))),
    ),
  );

/** The state of every automaton of a language, in a fixed order. */
export type LanguageState = readonly number[];

const automata = ({ some, none }: Language): readonly Automaton[] => [...some.flat(), ...none];

export const startOf = (language: Language): LanguageState => automata(language).map(({ start }) => start);

export const stepOf = ({ some, none }: Language, state: LanguageState, letter: string): LanguageState => {
  const next: number[] = [];
  for (const patterns of some) for (const one of patterns) next.push(one.step(state[next.length] ?? 0, letter));
  for (const one of none) next.push(one.step(state[next.length] ?? 0, letter));
  return next;
};

/** Whether a text that led here is in the language. */
export const accepts = ({ some, none }: Language, state: LanguageState): boolean => {
  let index = 0;
  for (const patterns of some) {
    const met = patterns.map((one) => one.accepts(state[index++] ?? 0)).includes(true);
    if (!met) return false;
  }
  return none.every((one) => !one.accepts(state[index++] ?? 0));
};

/** Whether no longer text that begins with what led here is in the language, as far as can be told at once. */
export const isDead = ({ some }: Language, state: LanguageState): boolean => {
  let index = 0;
  for (const patterns of some) {
    if (patterns.every((_, at) => state[index + at] === 0)) return true;
    index += patterns.length;
  }
  return false;
};

/** The letters that can come next, if the patterns allow these only; `undefined` if a wildcard takes others too. */
export const nextLetters = ({ some }: Language, state: LanguageState): readonly string[] | undefined => {
  let index = 0;
  for (const patterns of some) {
    const next = patterns.map((one, at) => one.next(state[index + at] ?? 0));
    if (next.every(({ others }) => !others)) return next.flatMap(({ letters }) => letters);
    index += patterns.length;
  }
  return undefined;
};

/** The letters that any pattern of the language mentions. */
export const lettersOf = (language: Language): ReadonlySet<string> =>
  new Set(automata(language).flatMap(({ letters }) => [...letters]));
