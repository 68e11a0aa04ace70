import { isSeparator, patternSteps } from '../pattern.ts';

/**
 * A pattern as a deterministic automaton whose states are made when they are first reached (lazy subset construction).
 * State 0 is dead: no text leads from it to acceptance. It reads UTF-16 code units, as patterns do.
 */
export interface Automaton {
  readonly pattern: string;
  /** The letters that the pattern mentions: any two others are alike to it, separators aside. */
  readonly letters: ReadonlySet<string>;
  readonly start: number;
  step(state: number, letter: string): number;
  accepts(state: number): boolean;
}

/** The automaton that accepts exactly the texts that `compilePattern(pattern)` matches. */
export const automaton = (pattern: string): Automaton => {
  const steps = patternSteps(pattern);
  /** Each state by the positions in the pattern where it may stand, in ascending order. */
  const positions: (readonly number[])[] = [[]];
  const ids = new Map<string, number>([['', 0]]);
  const transitions = new Map<string, number>();

  const idOf = (set: ReadonlySet<number>): number => {
    const sorted = [...set].sort((a, b) => a - b);
    const key = sorted.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, positions.length);
    return positions.push(sorted) - 1;
  };
  /** Wildcards match the empty run too. */
  const settle = (set: Set<number>, from: number): void => {
    for (let at = from; !set.has(at); at++) {
      set.add(at);
      const step = steps[at];
      if (step === undefined || step.kind === 'literal') return;
    }
  };
  const initial = new Set<number>();
  settle(initial, 0);

  return {
    pattern,
    letters: new Set(steps.flatMap((step) => (step.kind === 'literal' ? [step.character] : []))),
    start: idOf(initial),
    step: (state, letter) => {
      const key = `${state} ${letter}`;
      const known = transitions.get(key);
      if (known !== undefined) return known;
      const next = new Set<number>();
      for (const at of positions[state] ?? []) {
        const step = steps[at];
        if (step === undefined) continue;
        if (step.kind === 'literal') {
          if (step.character === letter) settle(next, at + 1);
        } else if (step.kind === 'any' || !isSeparator(letter)) settle(next, at);
      }
      const id = idOf(next);
      transitions.set(key, id);
      return id;
    },
    accepts: (state) => positions[state]?.at(-1) === steps.length,
  };
};
