import type { IssuerGrammar, TokenKind } from './issuers/grammar.ts';
import { anyText, difference, intersection, type Language } from './language.ts';
import type { MemberSet } from './set.ts';
import type { TokenShape } from './shape.ts';
import { type Search, shortestToken } from './witness.ts';

/** The value of a claim: one text, or a list of them. */
export type ClaimValue = string | readonly string[];

/** What came of looking for a token of an issuer. */
export type TokenSearch =
  | {
      readonly kind: 'found';
      readonly claims: ReadonlyMap<string, ClaimValue>;
      readonly of: string;
      readonly unasked: readonly string[];
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly why: string };

/** How many ways in which claims may fail to be as they must not be are tried for one kind of token. */
const maxWays = 64;

const every = (languages: readonly Language[]): Language =>
  languages.length === 0 ? anyText : languages.reduce(intersection);

/** The languages that together are every text that is as it must be, and not as it must not. */
const waysOf = ({ some, never }: Pick<MemberSet, 'some' | 'never'>): readonly Language[] =>
  never.reduce<readonly Language[]>(
    (ways, language) => ways.flatMap((way) => difference(way, language)),
    [every(some)],
  );

type ValueSearch = { readonly kind: 'found'; readonly value: ClaimValue } | Exclude<Search, { readonly kind: 'found' }>;

const textIn = (ways: readonly Language[]): ValueSearch => {
  let unknown: ValueSearch | undefined;
  for (const way of ways) {
    const shape = [{ in: ['text'], alphabet: () => true, mayBeEmpty: true } as const];
    const found = shortestToken(shape, new Map([['text', way]]));
    if (found.kind === 'found') return { kind: 'found', value: found.claims['text'] as string };
    if (found.kind === 'unknown') unknown = found;
  }
  return unknown ?? { kind: 'none' };
};

/** A list with a member for each demand, and none that is as no member may be. */
const listIn = (set: MemberSet): ValueSearch => {
  const { some, never } = set;
  if (set.count === 'one') return oneMember(textIn(waysOf(set)));
  const members = new Set<string>();
  for (const language of some) {
    const found = textIn(waysOf({ some: [language], never }));
    if (found.kind !== 'found') return found;
    members.add(String(found.value));
  }
  // Other members than these could be added, but which is not looked for.
  if (set.count === 'several' && members.size < 2)
    return { kind: 'unknown', why: 'whether a list has several members' };
  return { kind: 'found', value: [...members] };
};

const oneMember = (found: ValueSearch): ValueSearch =>
  found.kind === 'found' ? { kind: 'found', value: [String(found.value)] } : found;

/** Claims of instants, which no search for texts can choose (RFC 7519, 4.1). */
const instants: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat']);

/** Whether a claim that no kind of token writes may be one text, and whether it may be a list. */
const formsOf = (grammar: IssuerGrammar, name: string): { readonly text: boolean; readonly list: boolean } => {
  if (name === 'aud') return { text: true, list: grammar.hasAudiences };
  if (name === 'iss') return { text: true, list: false };
  if (grammar.lists.includes(name)) return { text: false, list: true };
  const text = grammar.texts.includes(name) || grammar.isOpen;
  return { text, list: grammar.isOpen && !grammar.texts.includes(name) };
};

/** What was found of the claims of a grammar's tokens that no kind of them writes. */
const freeValues = new WeakMap<IssuerGrammar, Map<string, WeakMap<MemberSet, ValueSearch>>>();

/** Such a claim is the same whatever the others are, so each set is looked into once. */
const freeClaimOnce = (grammar: IssuerGrammar, name: string, set: MemberSet): ValueSearch => {
  const ofGrammar = freeValues.get(grammar) ?? new Map<string, WeakMap<MemberSet, ValueSearch>>();
  freeValues.set(grammar, ofGrammar);
  const ofClaim = ofGrammar.get(name) ?? new WeakMap<MemberSet, ValueSearch>();
  ofGrammar.set(name, ofClaim);
  const found = ofClaim.get(set) ?? freeClaim(grammar, name, set);
  ofClaim.set(set, found);
  return found;
};

const freeClaim = (grammar: IssuerGrammar, name: string, set: MemberSet): ValueSearch => {
  if (instants.has(name)) return { kind: 'unknown', why: 'an instant is not searched for' };
  const { text, list } = formsOf(grammar, name);
  const one: ValueSearch = text && set.count !== 'several' ? textIn(waysOf(set)) : { kind: 'none' };
  return one.kind === 'found' || !list ? one : listIn(set);
};

/** Every choice of one way for each claim. */
const choices = (ways: ReadonlyMap<string, readonly Language[]>): readonly ReadonlyMap<string, Language>[] => {
  let all: ReadonlyMap<string, Language>[] = [new Map()];
  for (const [claim, languages] of ways) {
    if (all.length * languages.length > maxWays) return [];
    all = all.flatMap((one) => languages.map((language) => new Map([...one, [claim, language]])));
  }
  return all;
};

/** The claims that each kind of token writes, and those that any kind does. */
interface GrammarIndex {
  readonly writtenBy: ReadonlySet<string>;
  readonly kinds: readonly (TokenKind & { readonly written: ReadonlySet<string> })[];
}

const indexes = new WeakMap<IssuerGrammar, GrammarIndex>();

const indexOf = (grammar: IssuerGrammar): GrammarIndex => {
  const known = indexes.get(grammar);
  if (known !== undefined) return known;
  const kinds = grammar.kinds.map((kind) => ({ ...kind, written: new Set(kind.shape.flatMap((part) => part.in)) }));
  const index = { kinds, writtenBy: new Set(kinds.flatMap(({ written }) => [...written])) };
  indexes.set(grammar, index);
  return index;
};

const unaskedIn = (shape: TokenShape, asked: ReadonlyMap<string, MemberSet>): readonly string[] => {
  const shared = shape.filter((part) => part.in.some((claim) => claim === 'sub' || asked.has(claim)));
  const tied = new Set(shared.flatMap((part) => part.in));
  return [...new Set(shape.flatMap((part) => part.in))].filter((claim) => !tied.has(claim));
};

/**
 * Finds the shortest token of the first kind of an issuer's tokens that has one whose claims are in these sets. Claims
 * are named as in the configuration, by JSON Pointers if they are nested.
 */
export const tokenIn = (grammar: IssuerGrammar, claims: ReadonlyMap<string, MemberSet>): TokenSearch => {
  const values = new Map<string, ClaimValue>();
  const { writtenBy, kinds } = indexOf(grammar);
  let unknown: string | undefined;
  const freeValue = (name: string, set: MemberSet): ValueSearch => freeClaimOnce(grammar, name, set);
  const demanded = [...claims].filter(([, { some, count }]) => some.length > 0 || count !== undefined);
  for (const [name, set] of demanded) {
    if (writtenBy.has(name)) continue;
    const found = freeValue(name, set);
    if (found.kind === 'none') return found;
    if (found.kind === 'unknown') return { kind: 'unknown', why: `the claim ${name}: ${found.why}` };
    values.set(name, found.value);
  }
  for (const { name: of, shape, written } of kinds) {
    // What a kind of token writes is one text.
    if ([...claims].some(([name, { count }]) => count === 'several' && written.has(name))) continue;
    const ways = new Map(
      [...claims].flatMap(([name, set]) => (written.has(name) ? [[name, waysOf(set)] as const] : [])),
    );
    const more = new Map<string, ClaimValue>();
    const missing = demanded.some(([name, set]) => {
      if (written.has(name) || !writtenBy.has(name)) return false;
      const found = freeValue(name, set);
      if (found.kind === 'unknown') unknown ??= `the claim ${name}: ${found.why}`;
      if (found.kind === 'found') more.set(name, found.value);
      return found.kind !== 'found';
    });
    if (missing) continue;
    if ([...ways.values()].some(({ length }) => length === 0)) continue;
    const chosen = choices(ways);
    if (chosen.length === 0) unknown ??= `more than ${maxWays} ways to differ`;
    for (const languages of chosen) {
      const found = shortestToken(shape, languages);
      if (found.kind === 'unknown') unknown ??= found.why;
      if (found.kind === 'found') {
        return {
          kind: 'found',
          of,
          unasked: unaskedIn(shape, claims),
          claims: new Map([...Object.entries(found.claims), ...values, ...more]),
        };
      }
    }
  }
  return unknown === undefined ? { kind: 'none' } : { kind: 'unknown', why: unknown };
};
