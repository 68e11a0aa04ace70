import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../lib/grants/pattern.ts';
import { difference, intersection, type Language, union } from '../../../lib/grants/prove/language.ts';
import type { TokenShape } from '../../../lib/grants/prove/shape.ts';
import { shortestToken } from '../../../lib/grants/prove/witness.ts';
import { boundsOf, unhurried } from '../../fuzz/bounds.ts';

/** `PROVE_RUNS=100000` looks further, and so does `npm run fuzz`. */
const bounds = boundsOf(Number(process.env['PROVE_RUNS'] ?? 10_000));

const any = (letter: string): boolean => letter !== '';
const shape: TokenShape = [{ in: ['sub'], alphabet: any }];
const shortest = (language: Language): string | undefined => {
  const search = shortestToken(shape, new Map([['sub', language]]));
  expect(search.kind).not.toBe('unknown');
  return search.kind === 'found' ? search.claims['sub'] : undefined;
};

/** Every text of up to four letters, shortest first: over three letters that stand for all, and both separators. */
const texts = (() => {
  const letters = ['a', 'b', 'x', '/', ':'];
  const all: string[] = [];
  let level = [''];
  for (let length = 1; length <= 4; length++) {
    level = level.flatMap((text) => letters.map((letter) => text + letter));
    all.push(...level);
  }
  return all;
})();

const pattern = fc
  .array(fc.constantFrom('a', 'b', '/', ':', '*', '**'), { minLength: 1, maxLength: 4 })
  .map((pieces) => pieces.join(''));
const patterns = fc.array(pattern, { minLength: 1, maxLength: 2 });
/** Which of the texts a pattern matches, by the matcher that decisions use; the same patterns come again and again. */
const matched = new Map<string, readonly boolean[]>();
const matchesOf = (one: string): readonly boolean[] => {
  const known = matched.get(one) ?? texts.map(compilePattern(one));
  matched.set(one, known);
  return known;
};
const matchesAny = (list: readonly string[], text: string): boolean => list.some((one) => compilePattern(one)(text));

describe('the shortest token', () => {
  it('is as short as the first that trying them all in order of length finds', unhurried, () => {
    fc.assert(
      fc.property(patterns, patterns, patterns, (one, other, except) => {
        const found = difference(intersection(union(one), union(other)), union(except)).map(shortest)[0];
        const [ones, others, excepted] = [one, other, except].map((list) => list.map(matchesOf));
        const isIn = (lists: readonly (readonly boolean[])[] = [], at: number) => lists.some((list) => list[at]);
        const tried = texts.find((_, at) => isIn(ones, at) && isIn(others, at) && !isIn(excepted, at));

        if (found === undefined) expect(tried).toBeUndefined();
        else {
          expect(matchesAny(one, found) && matchesAny(other, found) && !matchesAny(except, found)).toBe(true);
          if (tried !== undefined) expect(found.length).toBe(tried.length);
        }
      }),
      bounds,
    );
  });

  it('writes each claim of a kind of token from the same parts', () => {
    const segment = (letter: string): boolean => /[A-Za-z0-9._-]/.test(letter);
    const branch: TokenShape = [
      { in: ['sub'], text: 'repo:' },
      { in: ['sub', 'repository', 'repository_owner'], alphabet: segment },
      { in: ['sub', 'repository'], text: '/' },
      { in: ['sub', 'repository'], alphabet: segment },
      { in: ['sub'], text: ':ref:' },
      { in: ['sub', 'ref'], text: 'refs/heads/' },
      { in: ['sub', 'ref'], alphabet: any },
    ];
    const wanted = new Map([
      ['sub', union(['repo:acme/**'])],
      ['repository', union(['*/site'])],
      ['ref', difference(union(['refs/heads/m*']), union(['refs/heads/main']))[0] as Language],
    ]);

    expect(shortestToken(branch, wanted)).toEqual({
      kind: 'found',
      claims: {
        sub: 'repo:acme/site:ref:refs/heads/m',
        repository: 'acme/site',
        repository_owner: 'acme',
        ref: 'refs/heads/m',
      },
    });
    expect(shortestToken(branch, new Map([...wanted, ['repository_owner', union(['other'])]]))).toEqual({
      kind: 'none',
    });
    expect(shortestToken(branch, new Map([['environment', union(['**'])]]))).toEqual({ kind: 'none' });
  });

  const hard = union(['**a*b**a/b**']);
  const tokenOf = (shape: TokenShape, wanted: Readonly<Record<string, Language>>, most?: number) =>
    shortestToken(shape, new Map(Object.entries(wanted)), most);

  it.each<[string, TokenShape[number], readonly string[], readonly string[]]>([
    ['a text', { in: ['sub'], text: 'ab' }, ['ab', 'a*', '**'], ['b*', 'abc', 'a']],
    ['one of some words', { in: ['sub'], words: ['x', 'y'] }, ['y', '*'], ['z', 'xy']],
    ['letters', { in: ['sub'], alphabet: (letter) => letter < 'n' }, ['a', 'mm'], ['']],
    ['letters or none', { in: ['sub'], alphabet: any, mayBeEmpty: true }, ['', 'x'], []],
  ])('is of a shape: %s', (_, part, some, none) => {
    // What stands before it, and is hard, is not looked at if the claim cannot be.
    const shapeBehind: TokenShape = [{ in: ['other'], alphabet: any }, part];
    for (const pattern of some) {
      const found = tokenOf(shapeBehind, { other: union(['x*']), sub: union([pattern]) });
      expect([pattern, found.kind]).toEqual([pattern, 'found']);
    }
    for (const pattern of none) {
      expect(tokenOf(shapeBehind, { other: union(['x*']), sub: union([pattern]) })).toEqual({ kind: 'none' });
    }
    if ('text' in part || 'words' in part) {
      expect(tokenOf(shapeBehind, { other: hard, sub: union(['z*']) }, 3)).toEqual({ kind: 'none' });
    }
  });

  it('has a letter of each alphabet, and no other', () => {
    const isDigit = (letter: string): boolean => letter >= '0' && letter <= '9';
    const number: TokenShape = [{ in: ['sub'], alphabet: isDigit }];
    expect(tokenOf(number, { sub: union(['*']) })).toEqual({ kind: 'found', claims: { sub: '0' } });
    expect(tokenOf(number, { sub: union(['a*', '12']) })).toEqual({ kind: 'found', claims: { sub: '12' } });
    expect(tokenOf(number, { sub: union(['a']) })).toEqual({ kind: 'none' });
  });

  it('has what nobody asks about as it comes first', () => {
    const unasked: TokenShape = [
      { in: ['sub'], text: 's' },
      { in: ['run'], alphabet: any },
      { in: ['event'], words: ['push', 'pull'] },
      { in: ['event', 'sub'], words: ['a', 'b'] },
      { in: ['path'], alphabet: any, mayBeEmpty: true },
    ];
    expect(tokenOf(unasked, {})).toEqual({
      kind: 'found',
      claims: { sub: 'sa', run: 'a', event: 'pusha', path: 'a' },
    });
    expect(tokenOf(unasked, { sub: union(['*b']) })).toMatchObject({ claims: { sub: 'sb', event: 'pushb' } });
    expect(tokenOf(unasked, { event: union(['*lb']) })).toMatchObject({ claims: { sub: 'sb', event: 'pullb' } });
  });

  it('is none if a claim is in no part, or can be nothing', () => {
    expect(tokenOf(shape, { other: union(['**']) })).toEqual({ kind: 'none' });
    expect(tokenOf(shape, { sub: union([]) })).toEqual({ kind: 'none' });
  });

  it('is looked for in as few states as there are', () => {
    // Of a text that begins with `a`: before it, and behind it. What no text can come of is not looked into.
    const left = difference(union(['a*']), union(['a*']))[0] as Language;
    expect([0, 1].map((most) => tokenOf(shape, { sub: left }, most))).toEqual([
      { kind: 'unknown', why: 'more than 0 states' },
      { kind: 'unknown', why: 'more than 1 states' },
    ]);
    expect(tokenOf(shape, { sub: left }, 2)).toEqual({ kind: 'none' });
  });

  it('says that it does not know when it may not look far enough', () => {
    expect(shortestToken(shape, new Map([['sub', hard]]), 3)).toEqual({ kind: 'unknown', why: 'more than 3 states' });
  });
});
