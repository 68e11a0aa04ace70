import { type Automaton, automaton } from './automaton.ts';

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

export const intersection = (one: Language, other: Language): Language => ({
  some: [...one.some, ...other.some],
  none: [...one.none, ...other.none],
});

/** The texts of `one` that are not in `other`: one language for each way in which a text may fail to be in it. */
export const difference = (one: Language, other: Language): readonly Language[] => [
  ...other.some.map((patterns): Language => ({ some: one.some, none: [...one.none, ...patterns] })),
  ...other.none.map((pattern): Language => ({ some: [...one.some, [pattern]], none: one.none })),
];

/** The state of every automaton of a language, in a fixed order. */
export type LanguageState = readonly number[];

const automata = ({ some, none }: Language): readonly Automaton[] => [...some.flat(), ...none];

export const startOf = (language: Language): LanguageState => automata(language).map(({ start }) => start);

export const stepOf = (language: Language, state: LanguageState, letter: string): LanguageState =>
  automata(language).map((one, index) => one.step(state[index] ?? 0, letter));

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

/** The letters that any pattern of the language mentions. */
export const lettersOf = (language: Language): ReadonlySet<string> =>
  new Set(automata(language).flatMap(({ letters }) => [...letters]));
