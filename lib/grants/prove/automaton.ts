import { isSeparator, type PatternStep, patternSteps } from '../pattern.ts';

/** Where an automaton can go from a state. */
export interface Continuation {
  /** The letters that are read as themselves. */
  readonly letters: readonly string[];
  /** Whether a wildcard reads others too. */
  readonly others: boolean;
}

/**
 * A pattern as a deterministic automaton whose states are made when they are first reached (lazy subset construction).
 * State 0 is dead: no text leads from it to acceptance. It reads UTF-16 code units, as patterns do.
 */
export interface Automaton {
  /** What every accepted text begins with. */
  readonly prefix: string;
  /** What every accepted text ends with. */
  readonly suffix: string;
  /** Whether the prefix is the one accepted text. */
  readonly isExact: boolean;
  /** The letters that the pattern mentions: any two others are alike to it, separators aside. */
  readonly letters: ReadonlySet<string>;
  readonly start: number;
  step(state: number, letter: string): number;
  next(state: number): Continuation;
  accepts(state: number): boolean;
}

/** The automaton that accepts exactly the texts that `compilePattern(pattern)` matches. */
export const automaton = (pattern: string): Automaton => automatonOf(patternSteps(pattern));

/** The automaton that accepts the one text. */
export const exactAutomaton = (text: string): Automaton => automatonOf(literals(text));

/** The automaton that accepts every text that has this one in it. */
export const containing = (text: string): Automaton =>
  automatonOf([{ kind: 'any' }, ...literals(text), { kind: 'any' }]);

const literals = (text: string): readonly PatternStep[] =>
  Array.from({ length: text.length }, (_, at) => ({ kind: 'literal', character: text.charAt(at) }) as const);

const textOf = (steps: readonly PatternStep[]): string =>
  steps.map((step) => (step.kind === 'literal' ? step.character : '')).join('');

const automatonOf = (steps: readonly PatternStep[]): Automaton => {
  /** Each state by the positions in the pattern where it may stand, in ascending order. */
  const positions: (readonly number[])[] = [[]];
  const ids = new Map<string, number>([['', 0]]);
  const transitions: Map<string, number>[] = [];
  const continuations: Continuation[] = [];

  const idOf = (set: ReadonlySet<number>): number => {
    // Ascending already, as each step of a state goes on from where the one before it went at least.
    const reached = [...set];
    const key = reached.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, positions.length);
    return positions.push(reached) - 1;
  };
  /** Wildcards match the empty run too. */
  const settle = (set: Set<number>, from: number): void => {
    for (let at = from; !set.has(at); at++) {
      set.add(at);
      const step = steps[at];
      if (step === undefined || step.kind === 'literal') return;
    }
  };
  const stepsAt = (state: number): readonly (readonly [number, PatternStep])[] =>
    (positions[state] ?? []).flatMap((at) => {
      const step = steps[at];
      return step === undefined ? [] : [[at, step] as const];
    });
  const initial = new Set<number>();
  settle(initial, 0);
  const wildcard = steps.findIndex((step) => step.kind !== 'literal');
  const head = wildcard < 0 ? steps : steps.slice(0, wildcard);
  const tail = steps.slice(steps.findLastIndex((step) => step.kind !== 'literal') + 1);

  return {
    prefix: textOf(head),
    suffix: textOf(tail),
    isExact: wildcard < 0,
    letters: new Set(steps.flatMap((step) => (step.kind === 'literal' ? [step.character] : []))),
    start: idOf(initial),
    step: (state, letter) => {
      transitions[state] ??= new Map();
      const known = transitions[state].get(letter);
      if (known !== undefined) return known;
      const next = new Set<number>();
      for (const [at, step] of stepsAt(state)) {
        if (step.kind === 'literal') {
          if (step.character === letter) settle(next, at + 1);
        } else if (step.kind === 'any' || !isSeparator(letter)) settle(next, at);
      }
      const id = idOf(next);
      transitions[state].set(letter, id);
      return id;
    },
    next: (state) => {
      continuations[state] ??= {
        letters: stepsAt(state).flatMap(([, step]) => (step.kind === 'literal' ? [step.character] : [])),
        others: stepsAt(state).some(([, { kind }]) => kind !== 'literal'),
      };
      return continuations[state];
    },
    accepts: (state) => positions[state]?.at(-1) === steps.length,
  };
};

/** Whether no text is accepted by both, as far as their beginnings and ends tell. */
export const areApart = (one: Automaton, other: Automaton): boolean => {
  const [short, long] = one.prefix.length < other.prefix.length ? [one, other] : [other, one];
  if (!long.prefix.startsWith(short.prefix)) return true;
  const [few, many] = one.suffix.length < other.suffix.length ? [one, other] : [other, one];
  if (!many.suffix.endsWith(few.suffix)) return true;
  // A text that is shorter than what it must begin or end with.
  return (
    (short.isExact && long.prefix.length > short.prefix.length) ||
    (few.isExact && many.suffix.length > few.suffix.length)
  );
};
