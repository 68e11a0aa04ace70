import { accepts, isDead, type Language, type LanguageState, lettersOf, startOf, stepOf } from './language.ts';

/** The letters that a part of a claim may have. */
export type Alphabet = (letter: string) => boolean;

/**
 * One part of how an issuer writes its claims: the same text stands in every claim that is listed, next to what was
 * written there before. `repo:` stands in `sub`, then the owner in `sub`, `repository` and `repository_owner`, and so on.
 */
export type ClaimPart =
  | { readonly in: readonly string[]; readonly text: string }
  /** At least one letter of the alphabet. */
  | { readonly in: readonly string[]; readonly alphabet: Alphabet };

/** How one kind of token is written, part by part. */
export type TokenShape = readonly ClaimPart[];

/** What came of looking for a token. */
export type Search =
  | { readonly kind: 'found'; readonly claims: Readonly<Record<string, string>> }
  /** There is none. */
  | { readonly kind: 'none' }
  /** The bound was hit before it could be told. */
  | { readonly kind: 'unknown'; readonly why: string };

/** How many states a search may visit. */
export const maxStates = 200_000;

interface Node {
  readonly part: number;
  /** Whether the part, if it is not fixed text, has a letter already. */
  readonly begun: boolean;
  readonly states: ReadonlyMap<string, LanguageState>;
  readonly parent?: Node;
  readonly letter?: string;
}

/** Letters beyond those that are mentioned, one of which stands for all that the patterns do not tell apart. */
const fresh = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~+';

const representatives = (mentioned: ReadonlySet<string>, alphabet: Alphabet): readonly string[] => {
  const stand = [...fresh].find((letter) => alphabet(letter) && !mentioned.has(letter));
  // Where all of these are mentioned, some rarer letter is not.
  const rare =
    stand ??
    Array.from({ length: 0x400 }, (_, at) => String.fromCharCode(0x100 + at)).find(
      (letter) => alphabet(letter) && !mentioned.has(letter),
    );
  const listed = [...mentioned, '/', ':'].filter(alphabet);
  return [...new Set([...(rare === undefined ? [] : [rare]), ...listed])];
};

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
  for (const [claim] of languages) {
    if (!lastPart.has(claim)) return { kind: 'none' }; // tokens of this shape have no such claim
  }
  const alphabets = shape.map((part) => {
    if ('text' in part) return [];
    const mentioned = new Set(
      part.in.flatMap((claim) => [...lettersOf(languages.get(claim) ?? { some: [], none: [] })]),
    );
    return representatives(mentioned, part.alphabet);
  });

  /** What the letters make of the claims, unless one of them can no longer be as it must. */
  const write = (
    node: Node,
    claims: readonly string[],
    text: string,
  ): ReadonlyMap<string, LanguageState> | undefined => {
    const states = new Map(node.states);
    for (const claim of claims) {
      const language = languages.get(claim);
      let state = states.get(claim);
      if (language === undefined || state === undefined) continue;
      for (let at = 0; at < text.length; at++) state = stepOf(language, state, text.charAt(at));
      if (isDead(language, state)) return undefined;
      states.set(claim, state);
    }
    return states;
  };
  /** The node behind a part, if the claims that end with it are as they must be. */
  const leave = (node: Node, states: ReadonlyMap<string, LanguageState>): Node | undefined => {
    const rest = new Map(states);
    for (const [claim, last] of lastPart) {
      const state = rest.get(claim);
      const language = languages.get(claim);
      if (last !== node.part || state === undefined || language === undefined) continue;
      if (!accepts(language, state)) return undefined;
      rest.delete(claim);
    }
    return { part: node.part + 1, begun: false, states: rest, parent: node };
  };

  const seen = new Set<string>();
  let level: Node[] = [];
  let found: Node | undefined;
  /** Adds a node to a level, and with it all that is reached from it without another letter of choice. */
  const add = (to: Node[], node: Node | undefined): void => {
    if (node === undefined || found !== undefined) return;
    const key = `${node.part} ${node.begun} ${[...node.states.values()].join(';')}`;
    if (seen.has(key)) return;
    seen.add(key);
    const part = shape[node.part];
    if (part === undefined) {
      found = node;
      return;
    }
    if ('text' in part) {
      const states = write(node, part.in, part.text);
      if (states !== undefined) add(to, leave(node, states));
      return;
    }
    to.push(node);
    if (node.begun) add(to, leave(node, node.states));
  };
  add(level, {
    part: 0,
    begun: false,
    states: new Map([...languages].map(([claim, language]) => [claim, startOf(language)])),
  });
  while (found === undefined && level.length > 0) {
    const next: Node[] = [];
    for (const node of level) {
      const part = shape[node.part];
      if (part === undefined || 'text' in part) continue;
      for (const letter of alphabets[node.part] ?? []) {
        const states = write(node, part.in, letter);
        if (states !== undefined) add(next, { part: node.part, begun: true, states, parent: node, letter });
        if (found !== undefined) return { kind: 'found', claims: claimsOf(found, shape) };
      }
      if (seen.size > most) return { kind: 'unknown', why: `more than ${most} states` };
    }
    level = next;
  }
  return found === undefined ? { kind: 'none' } : { kind: 'found', claims: claimsOf(found, shape) };
};

/** The claims that the way to a node wrote. */
const claimsOf = (last: Node, shape: TokenShape): Readonly<Record<string, string>> => {
  const texts = shape.map((part) => ('text' in part ? part.text : ''));
  for (let node: Node | undefined = last; node !== undefined; node = node.parent) {
    if (node.letter !== undefined) texts[node.part] = node.letter + texts[node.part];
  }
  const claims: Record<string, string> = {};
  for (const [index, part] of shape.entries()) {
    for (const claim of part.in) claims[claim] = `${claims[claim] ?? ''}${texts[index]}`;
  }
  return claims;
};
