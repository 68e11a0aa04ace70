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

  it('says that it does not know when it may not look far enough', () => {
    const hard = union(['**a*b**a/b**']);
    expect(shortestToken(shape, new Map([['sub', hard]]), 3)).toEqual({ kind: 'unknown', why: 'more than 3 states' });
  });
});
