import { isPlainlyEmpty, type Language, lettersOf, type Reader, readerOf } from './language.ts';
import { type Alphabet, type ClaimPart, representatives, type TokenShape } from './shape.ts';

/** What came of looking for a token. */
export type Search =
  | { readonly kind: 'found'; readonly claims: Readonly<Record<string, string>> }
  /** There is none. */
  | { readonly kind: 'none' }
  /** The bound was hit before it could be told. */
  | { readonly kind: 'unknown'; readonly why: string };

/** How many states a search may visit. */
const maxStates = 200_000;

/** By the index of the claim, where its reader is; `undefined` if the claim is complete. */
type States = readonly (number | undefined)[];

/** A part of a shape, with what is asked about it. */
interface AskedPart {
  readonly part: ClaimPart;
  /** The claims that it stands in and that are asked about, and of those the ones that it completes. */
  readonly within: readonly number[];
  readonly ended: readonly number[];
  readonly alphabet: Alphabet;
  /** Letters that stand for all of the alphabet. */
  readonly letters: readonly string[];
}

const noLetter: Alphabet = () => false;

interface Node {
  readonly part: number;
  /** Whether the part, if it is not fixed text, has a letter already. */
  readonly begun: boolean;
  readonly states: States;
  readonly parent?: Node;
  /** What this step wrote, if it was chosen. */
  readonly text?: string;
}

/**
 * Finds the shortest token of a shape whose claims are in the languages that are given for them, or shows that there is
 * none. It walks all claims at once, letter by letter, breadth first; of two states that are alike one is visited.
 */
export const shortestToken = (
  shape: TokenShape,
  languages: ReadonlyMap<string, Language>,
  most = maxStates,
): Search => {
  const lastPart = new Map<string, number>();
  for (const [index, part] of shape.entries()) for (const claim of part.in) lastPart.set(claim, index);
  for (const [claim, language] of languages) {
    // Tokens of this shape have no such claim, or none could be in it.
    if (!lastPart.has(claim) || isPlainlyEmpty(language)) return { kind: 'none' };
  }
  const claims = [...languages.keys()];
  const wanted = [...languages.values()];
  const readers = wanted.map(readerOf);
  if (claims.some((claim, at) => !canBegin(shape, claim, readers[at] as Reader))) return { kind: 'none' };
  const parts = shape.map((part, index): AskedPart => {
    const within = claims.flatMap((claim, at) => (part.in.includes(claim) ? [at] : []));
    const ended = within.filter((at) => lastPart.get(claims[at] as string) === index);
    const mentioned = new Set(within.flatMap((at) => [...lettersOf(wanted[at] as Language)]));
    if (!('alphabet' in part)) return { part, within, ended, alphabet: noLetter, letters: [] };
    return { part, within, ended, alphabet: part.alphabet, letters: representatives(mentioned, part.alphabet) };
  });
  const partOf = (node: Node): AskedPart => parts[node.part] as AskedPart;

  /** What the text makes of the claims, unless one of them can no longer be as it must. */
  const write = (states: States, within: readonly number[], text: string): States | undefined => {
    const next = [...states];
    for (const at of within) {
      const reader = readers[at] as Reader;
      let state = next[at] as number;
      for (let index = 0; index < text.length; index++) state = reader.step(state, text.charAt(index));
      if (reader.isDead(state)) return undefined;
      next[at] = state;
    }
    return next;
  };
  /** The node behind a part, if the claims that end with it are as they must be. */
  const leave = (node: Node): Node | undefined => {
    const next = [...node.states];
    for (const at of partOf(node).ended) {
      if (!(readers[at] as Reader).accepts(next[at] as number)) return undefined;
      next[at] = undefined;
    }
    return { part: node.part + 1, begun: false, states: next, parent: node };
  };
  const lettersFrom = (node: Node): readonly string[] => {
    const { within, letters, alphabet } = partOf(node);
    for (const at of within) {
      const next = (readers[at] as Reader).nextLetters(node.states[at] as number);
      if (next !== undefined) return [...new Set(next)].filter(alphabet);
    }
    return letters;
  };

  /** What a part may be that is not written letter by letter: of what nobody asks about, one letter is as good as any. */
  const textsOf = ({ part, letters }: AskedPart): readonly string[] => {
    if ('text' in part) return [part.text];
    return 'words' in part ? part.words : letters;
  };

  const seen = new Set<string>();
  let level: Node[] = [];
  let found: Node | undefined;
  /** Adds a node to a level, and with it all that is reached from it without another letter of choice. */
  const add = (to: Node[], node: Node | undefined): void => {
    if (node === undefined) return;
    const key = `${node.part} ${node.begun} ${node.states.join(';')}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (node.part === parts.length) {
      found = node;
      return;
    }
    const asked = partOf(node);
    if ('alphabet' in asked.part && asked.within.length > 0) {
      to.push(node);
      if (node.begun || asked.part.mayBeEmpty) add(to, leave(node));
    } else {
      for (const text of textsOf(asked)) {
        const states = write(node.states, asked.within, text);
        if (states === undefined) continue;
        add(to, leave({ part: node.part, begun: true, states, parent: node, text }));
      }
    }
  };
  add(level, { part: 0, begun: false, states: readers.map(({ start }) => start) });
  while (found === undefined && level.length > 0) {
    const next: Node[] = [];
    for (const node of level) {
      for (const letter of lettersFrom(node)) {
        const states = write(node.states, partOf(node).within, letter);
        if (states !== undefined) add(next, { part: node.part, begun: true, states, parent: node, text: letter });
        if (found !== undefined) return { kind: 'found', claims: claimsOf(found, shape) };
      }
      if (seen.size > most) return { kind: 'unknown', why: `more than ${most} states` };
    }
    level = next;
  }
  return found === undefined ? { kind: 'none' } : { kind: 'found', claims: claimsOf(found, shape) };
};

/** Whether a claim can be in the language, as far as the fixed texts tell that it begins with. */
const canBegin = (shape: TokenShape, claim: string, reader: Reader): boolean => {
  let state = reader.start;
  const after = (text: string): number => text.split('').reduce((at, letter) => reader.step(at, letter), state);
  for (const part of shape) {
    if (!part.in.includes(claim)) continue;
    if ('words' in part) return part.words.some((word) => !reader.isDead(after(word)));
    if (!('text' in part)) return true;
    state = after(part.text);
    if (reader.isDead(state)) return false;
  }
  return reader.accepts(state);
};

/** The claims that the way to a node wrote. */
const claimsOf = (last: Node, shape: TokenShape): Readonly<Record<string, string>> => {
  const texts = shape.map(() => '');
  for (let node: Node | undefined = last; node !== undefined; node = node.parent) {
    if (node.text !== undefined) texts[node.part] = `${node.text}${texts[node.part]}`;
  }
  const claims: Record<string, string> = {};
  for (const [index, part] of shape.entries()) {
    for (const claim of part.in) claims[claim] = `${claims[claim] ?? ''}${texts[index]}`;
  }
  return claims;
};
