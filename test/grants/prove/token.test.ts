import { describe, expect, it } from 'vitest';
import { digits, type IssuerGrammar, oneOf, slug, some, text } from '../../../lib/grants/prove/issuers/grammar.ts';
import { anyText, exactly, intersection, type Language, union } from '../../../lib/grants/prove/language.ts';
import type { MemberSet } from '../../../lib/grants/prove/set.ts';
import { tokenIn } from '../../../lib/grants/prove/token.ts';

const grammar = (changes: Partial<IssuerGrammar> = {}): IssuerGrammar => ({
  kinds: [
    {
      name: 'a branch',
      shape: [
        text('repo:', 'sub'),
        some(slug, 'sub', 'repository'),
        text(':', 'sub'),
        oneOf(['main', 'test'], 'sub', 'ref'),
        some(digits, 'run', 'attempt'),
        some(digits, 'run'),
      ],
    },
    { name: 'a tag', shape: [text('tag:', 'sub'), some(slug, 'sub', 'tag')] },
  ],
  texts: ['actor'],
  lists: ['groups'],
  isOpen: false,
  hasAudiences: false,
  risks: [],
  ...changes,
});
const open = { isOpen: true, hasAudiences: true };

const set = (
  languages: readonly Language[],
  never: readonly Language[] = [],
  count?: MemberSet['count'],
): MemberSet => ({
  kind: 'members',
  some: languages,
  never,
  ...(count === undefined ? {} : { count }),
});
const is = (...texts: readonly string[]): MemberSet => set(texts.map((one) => exactly([one])));
const has = (...patterns: readonly string[]): MemberSet => set(patterns.map((one) => union([one])));

const search = (claims: Readonly<Record<string, MemberSet>>, changes: Partial<IssuerGrammar> = {}) => {
  const found = tokenIn(grammar(changes), new Map(Object.entries(claims)));
  return found.kind === 'found' ? { of: found.of, ...Object.fromEntries(found.claims) } : found;
};
const branch = { of: 'a branch', sub: 'repo:a:main', repository: 'a', ref: 'main', run: '00', attempt: '0' };
const tag = { of: 'a tag', sub: 'tag:a', tag: 'a' };
const none = { kind: 'none' };

describe('a token of an issuer', () => {
  it.each<[string, Readonly<Record<string, MemberSet>>, object]>([
    ['is the shortest of the first kind', {}, branch],
    ['is of the first kind that fits', { sub: has('tag:*') }, { of: 'a tag', sub: 'tag:b', tag: 'b' }],
    ['says the same in each claim', { repository: is('x') }, { ...branch, repository: 'x', sub: 'repo:x:main' }],
    [
      'says what two claims ask',
      { sub: has('**:test'), run: is('42') },
      { ...branch, sub: 'repo:a:test', ref: 'test', run: '42', attempt: '4' },
    ],
    ['says no two things in one', { repository: is('x'), sub: is('repo:y:main') }, none],
    ['of a kind has no claim of another', { sub: has('repo:**'), tag: is('x') }, none],
    ['has a claim that any kind may have', { actor: is('bob') }, { ...branch, actor: 'bob' }],
    ['has no such claim of two texts', { actor: is('bob', 'eve') }, none],
    ['has no list for a text', { actor: set([exactly(['bob'])], [], 'several') }, none],
    ['has one text where one is asked', { actor: set([exactly(['bob'])], [], 'one') }, { ...branch, actor: 'bob' }],
    ['has no list in what its kind writes', { repository: set([union(['*'])], [], 'several') }, none],
    ['has a member of a list for each that is asked', { groups: is('a', 'b', 'a') }, { ...branch, groups: ['a', 'b'] }],
    ['has a list of one', { groups: set([union(['a*'])], [], 'one') }, { ...branch, groups: ['a'] }],
    ['has no list of one that is two', { groups: set([exactly(['a']), exactly(['b'])], [], 'one') }, none],
    [
      'has a list of several',
      { groups: set([exactly(['a']), exactly(['b'])], [], 'several') },
      { ...branch, groups: ['a', 'b'] },
    ],
    ['has no member that must not be', { groups: set([union(['*'])], [union(['**'])]) }, none],
    ['has another member instead', { groups: set([union(['a*'])], [exactly(['a'])]) }, { ...branch, groups: ['ab'] }],
    ['has no claim that the issuer does not write', { team: is('x') }, none],
    [
      'need not have a claim that only must not be',
      { team: set([], [exactly(['x'])]), actor: set([], [exactly(['x'])]) },
      branch,
    ],
    ['is not what it must not be', { sub: set([], [union(['repo:**'])]) }, tag],
    ['is none if it must not be anything', { sub: set([], [anyText]) }, none],
    ['has one audience', { aud: is('x') }, { ...branch, aud: 'x' }],
    ['has no two audiences', { aud: is('x', 'y') }, none],
    ['has one issuer', { iss: is('x') }, { ...branch, iss: 'x' }],
    ['has no two issuers', { iss: is('x', 'y') }, none],
    ['has what only must be several or one', { actor: set([], [], 'one') }, { ...branch, actor: '' }],
    ['may have an empty text', { actor: is('') }, { ...branch, actor: '' }],
  ])('%s', (_, claims, expected) => {
    expect(search(claims)).toEqual(expected);
  });

  it.each<[string, Readonly<Record<string, MemberSet>>, object]>([
    ['may have any other claim', { team: is('x') }, { ...branch, team: 'x' }],
    ['may have a list in it, if one text will not do', { team: is('x', 'y') }, { ...branch, team: ['x', 'y'] }],
    ['has one text in it, if one is asked', { team: set([exactly(['x']), exactly(['y'])], [], 'one') }, none],
    ['has no list for what is a text', { actor: is('x', 'y') }, none],
    ['has a list for what is one', { groups: is('x') }, { ...branch, groups: ['x'] }],
    [
      'may have a list in a claim of another kind',
      { sub: has('repo:**'), tag: is('x', 'y') },
      { ...branch, tag: ['x', 'y'] },
    ],
    ['may have a claim of another kind', { sub: has('repo:**'), tag: is('x') }, { ...branch, tag: 'x' }],
    ['may have two audiences', { aud: is('x', 'y') }, { ...branch, aud: ['x', 'y'] }],
    ['has one issuer', { iss: is('x', 'y') }, none],
  ])('of which anything may be said %s', (_, claims, expected) => {
    expect(search(claims, open)).toEqual(expected);
  });

  it('has a list of one in what is a list, also of another kind', () => {
    const one = set([exactly(['x'])], [], 'one');
    const asked = { sub: has('repo:**'), tag: one };
    expect(search(asked, { ...open, lists: ['tag'] })).toEqual({ ...branch, tag: ['x'] });
  });

  it('names the claims of which any other value would do', () => {
    const unasked = (claims: Readonly<Record<string, MemberSet>>) => {
      const found = tokenIn(grammar(), new Map(Object.entries(claims)));
      return found.kind === 'found' ? found.unasked : undefined;
    };
    expect(unasked({})).toEqual(['run', 'attempt']);
    expect(unasked({ attempt: is('1') })).toEqual([]);
    expect(unasked({ sub: has('tag:*') })).toEqual([]);
  });
});

describe('whether there is a token', () => {
  const unknown = (why: string) => ({ kind: 'unknown', why });

  it.each(['exp', 'nbf', 'iat'])('is not known of one whose instant is asked: %s', (name) => {
    expect(search({ [name]: is('1') })).toEqual(unknown(`the claim ${name}: an instant is not searched for`));
  });

  it('is not known of a list with members that nobody asks for', () => {
    const several = set([exactly(['a'])], [], 'several');
    expect(search({ groups: several })).toEqual(unknown('the claim groups: whether a list has several members'));
  });

  it('is not known of several members of a claim that another kind writes', () => {
    const several = set([exactly(['x'])], [], 'several');
    expect(search({ sub: has('repo:**'), tag: several }, open)).toEqual(
      unknown('the claim tag: whether a list has several members'),
    );
    expect(search({ groups: set([], [], 'several') })).toEqual(
      unknown('the claim groups: whether a list has several members'),
    );
  });

  it('is not known if too many ways to differ would have to be tried', () => {
    const differing = (count: number) =>
      set([], [Array.from({ length: count }, (_, at) => union([`x${at}*`])).reduce<Language>(intersection, anyText)]);
    const kinds = grammar().kinds.slice(0, 1);
    expect(search({ sub: differing(8), repository: differing(8) }, { kinds })).toEqual(branch);
    expect(search({ sub: differing(9), repository: differing(8) }, { kinds })).toEqual(
      unknown('more than 64 ways to differ'),
    );
    // Another kind may have one nevertheless.
    expect(search({ sub: differing(9), repository: differing(8) })).toEqual(tag);
    expect(search({ sub: differing(9) })).toEqual(branch);
  });

  it('is known again of the same claims', () => {
    const [one, claims] = [grammar(open), new Map([['team', is('x', 'y')]])];
    expect(tokenIn(one, claims)).toEqual(tokenIn(one, claims));
  });
});
