// One pattern language for all of the configuration: literal characters, `*` for any run within a segment, `**` for any
// run across segments. Segments end at `/` and `:`. A pattern always matches the whole text, and matching never
// backtracks: it walks the text once, keeping the set of positions in the pattern that it may have reached.

/** One piece of a pattern: a character, any run within a segment, or any run across segments. */
export type PatternStep =
  | { readonly kind: 'literal'; readonly character: string }
  | { readonly kind: 'segment' | 'any' };

/** Whether a character ends a segment. */
export const isSeparator = (character: string): boolean => character === '/' || character === ':';

/** A pattern, compiled once. */
export interface Pattern {
  (text: string): boolean;
  /** As it stands in the configuration. */
  readonly written: string;
  /** The literal characters before the first wildcard, and those behind the last; absent if it has no wildcard. */
  readonly ends?: { readonly beginning: string; readonly end: string };
}

/** The pieces of a pattern, in order. */
export const patternSteps = (pattern: string): readonly PatternStep[] => {
  const list: PatternStep[] = [];
  for (const [piece] of pattern.matchAll(/\*+|[^*]/g)) {
    if (piece.startsWith('*')) list.push({ kind: piece.length > 1 ? 'any' : 'segment' });
    else list.push({ kind: 'literal', character: piece });
  }
  return list;
};

/** A pattern that matches one text, whatever characters it has. */
export const exactly = (written: string): Pattern => Object.assign((text: string) => text === written, { written });

export const compilePattern = (written: string): Pattern => {
  const first = written.indexOf('*');
  if (first < 0) return exactly(written);
  const [beginning, end] = [written.slice(0, first), written.slice(written.lastIndexOf('*') + 1)];
  const matches = stepwise(written);
  // Most texts differ in what is literal, which is compared sooner than the pattern is walked.
  return Object.assign((text: string) => text.startsWith(beginning) && text.endsWith(end) && matches(text), {
    written,
    ends: { beginning, end },
  });
};

const stepwise = (pattern: string): ((text: string) => boolean) => {
  const list = patternSteps(pattern);
  /** Wildcards match the empty run too, so standing at one is also standing behind it. */
  const settle = (places: Uint8Array, from: number): void => {
    // A position that is known is done already, so that each is processed once for each character of the text.
    for (let at = from; places[at] !== 1; at++) {
      places[at] = 1;
      const step = list[at];
      if (step === undefined || step.kind === 'literal') return;
    }
  };
  return (text) => {
    let places = new Uint8Array(list.length + 1);
    let next = new Uint8Array(list.length + 1);
    settle(places, 0);
    for (let index = 0; index < text.length; index++) {
      const character = text.charAt(index);
      next.fill(0);
      for (let place = 0; place < list.length; place++) {
        const step = list[place];
        if (places[place] !== 1 || step === undefined) continue;
        if (step.kind === 'literal') {
          if (step.character === character) settle(next, place + 1);
        } else if (step.kind === 'any' || !isSeparator(character)) settle(next, place);
      }
      [places, next] = [next, places];
    }
    return places[list.length] === 1;
  };
};
