// One pattern language for all of the configuration: literal characters, `*` for any run within a segment, `**` for any
// run across segments. Segments end at `/` and `:`. A pattern always matches the whole text, and matching never
// backtracks: it walks the text once, keeping the set of places in the pattern where it may stand.

type Step = { readonly kind: 'literal'; readonly character: string } | { readonly kind: 'segment' | 'any' };

/** A pattern, compiled once. */
export type Pattern = (text: string) => boolean;

const steps = (pattern: string): Step[] => {
  const list: Step[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character !== '*') list.push({ kind: 'literal', character });
    else if (pattern.charAt(index + 1) === '*') {
      list.push({ kind: 'any' });
      index++;
    } else list.push({ kind: 'segment' });
  }
  return list;
};

export const compilePattern = (pattern: string): Pattern => {
  if (!pattern.includes('*')) return (text) => text === pattern;
  const list = steps(pattern);
  /** Wildcards match the empty run too, so standing at one is also standing behind it. */
  const settle = (places: Set<number>, from: number): void => {
    // A place that is known has settled already, so that each is visited once for each character of the text.
    for (let at = from; !places.has(at); at++) {
      places.add(at);
      const step = list[at];
      if (step === undefined || step.kind === 'literal') return;
    }
  };
  return (text) => {
    let places = new Set<number>();
    settle(places, 0);
    for (let index = 0; index < text.length && places.size > 0; index++) {
      const character = text.charAt(index);
      const next = new Set<number>();
      for (const place of places) {
        const step = list[place];
        if (step === undefined) continue;
        if (step.kind === 'literal') {
          if (step.character === character) settle(next, place + 1);
        } else if (step.kind === 'any' || (character !== '/' && character !== ':')) settle(next, place);
      }
      places = next;
    }
    return places.has(list.length);
  };
};
