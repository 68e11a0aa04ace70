import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../lib/grants/pattern.ts';
import {
  anyText,
  areApart,
  difference,
  exactly,
  intersection,
  isPlainlyEmpty,
  type Language,
  lettersOf,
  readerOf,
  union,
} from '../../../lib/grants/prove/language.ts';

/** Every text of up to three letters. */
const texts = (() => {
  let level = [''];
  const all = [''];
  for (let length = 1; length <= 3; length++) {
    level = level.flatMap((text) => ['a', 'b', '/', '*'].map((letter) => text + letter));
    all.push(...level);
  }
  return all;
})();

const stateOf = (language: Language, text: string): number => {
  const reader = readerOf(language);
  return [...text].reduce((state, letter) => reader.step(state, letter), reader.start);
};
const has = (language: Language, text: string): boolean => readerOf(language).accepts(stateOf(language, text));
const matches = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => compilePattern(pattern)(text));

const unions: readonly (readonly string[])[] = [['a*'], ['*b', 'aa'], ['**'], ['a/*', '*'], ['ab'], []];

describe('a language', () => {
  it('has the texts of any of its patterns', () => {
    for (const patterns of unions) {
      const language = union(patterns);
      expect(texts.filter((text) => has(language, text))).toEqual(texts.filter((text) => matches(patterns, text)));
    }
    expect(texts.every((text) => has(anyText, text))).toBe(true);
  });

  it('may be of texts alone, letter by letter', () => {
    const language = exactly(['a*', 'b']);
    expect(texts.filter((text) => has(language, text))).toEqual(['b', 'a*']);
  });

  it('has in common with another what is in both, and less what is in one', () => {
    for (const one of unions) {
      for (const other of unions) {
        const [mine, theirs] = [union(one), union(other)];
        const both = intersection(mine, theirs);
        const left = difference(mine, theirs);
        for (const text of texts) {
          expect(has(both, text)).toBe(matches(one, text) && matches(other, text));
          const isLeft = left.some((language) => has(language, text));
          expect(isLeft).toBe(matches(one, text) && !matches(other, text));
        }
      }
    }
  });

  it('less a language that leaves something out has that again', () => {
    const [some] = difference(union(['*']), union(['a*']));
    if (some === undefined) throw new Error('There is nothing left.');
    const left = difference(union(['**']), some);
    const isLeft = (text: string) => left.some((language) => has(language, text));
    expect(texts.filter(isLeft)).toEqual(texts.filter((text) => !matches(['*'], text) || matches(['a*'], text)));
  });

  it('names no pattern twice', () => {
    const [one, other] = [union(['a*']), union(['*b'])];
    const both = intersection(one, other);
    expect(intersection(both, one)).toEqual(both);
    const [less] = difference(one, other);
    expect(less && intersection(less, less)).toEqual(less);
  });
});

describe('a language without texts', () => {
  const less = (one: Language, other: Language): Language => difference(one, other)[0] ?? one;
  const [a, b, ab] = [union(['a*']), union(['b*']), union(['a*', 'b*'])];

  it.each<[string, Language, boolean]>([
    ['of no patterns', union([]), true],
    ['of beginnings that differ', intersection(a, b), true],
    ['of beginnings of which some agree', intersection(a, ab), false],
    ['of beginnings of which some agree, the other way', intersection(ab, a), false],
    ['of beginnings that all differ', intersection(ab, union(['c*', 'd*'])), true],
    ['of three, of which the last two differ', intersection(union(['**']), intersection(a, b)), true],
    ['of what it leaves out', less(a, a), true],
    ['of some of what it leaves out', less(ab, a), false],
    ['of one of its patterns that it leaves out', { some: ab.some, none: ab.some.flat().slice(0, 1) }, false],
    ['of each of its patterns that it leaves out', { some: ab.some, none: ab.some.flat() }, true],
    ['of all that it leaves out and more', { some: a.some, none: [...b.some.flat(), ...a.some.flat()] }, true],
    ['of any text', anyText, false],
    ['of what leaves nothing out', a, false],
  ])('is seen by its patterns: %s', (_, language, isEmpty) => {
    expect(isPlainlyEmpty(language)).toBe(isEmpty);
  });

  it.each<[Language, Language, boolean]>([
    [a, b, true],
    [a, a, false],
    [a, ab, false],
    [ab, union(['c*', 'd*']), true],
    [intersection(union(['**']), a), intersection(union(['*']), b), true],
    [anyText, a, false],
    [union([]), a, true],
    [exactly(['a']), exactly(['b']), true],
  ])('is seen before two have it in common: %#', (one, other, apart) => {
    expect(areApart(one, other)).toBe(apart);
    expect(areApart(other, one)).toBe(apart);
  });

  it('is not seen of one language with itself, whose patterns have nothing in common', () => {
    const nothing = union([]);
    expect(areApart(nothing, nothing)).toBe(false);
  });
});

describe('the reader of a language', () => {
  it('is one for one language, and its states come again', () => {
    const language = union(['a*']);
    expect(readerOf(language)).toBe(readerOf(language));
    expect(stateOf(language, 'axx')).toBe(stateOf(language, 'ax'));
  });

  it('is dead once one of its unions is', () => {
    const language = intersection(union(['a*', 'b*']), union(['*c']));
    const { isDead } = readerOf(language);
    expect(['', 'a', 'b', 'ac', 'c', 'a/', 'b/c'].map((text) => isDead(stateOf(language, text)))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
    const later = intersection(union(['**', 'x']), union(['a*']));
    expect(readerOf(later).isDead(stateOf(later, 'b'))).toBe(true);
    const [less] = difference(union(['a*']), union(['ab']));
    if (less === undefined) throw new Error('There is nothing left.');
    expect([readerOf(less).isDead(stateOf(less, 'ab')), has(less, 'ab'), has(less, 'abb')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('tells what can come next, if one of its unions takes those letters alone', () => {
    const language = intersection(union(['**']), union(['ab*', 'ac']));
    const { nextLetters } = readerOf(language);
    for (const _ of ['first', 'again']) {
      expect(nextLetters(stateOf(language, ''))).toEqual(['a', 'a']);
      expect(nextLetters(stateOf(language, 'a'))).toEqual(['b', 'c']);
      expect(nextLetters(stateOf(language, 'ab'))).toBeUndefined();
      expect(nextLetters(stateOf(language, 'ac'))).toEqual([]);
    }
    expect(readerOf(anyText).nextLetters(readerOf(anyText).start)).toBeUndefined();
  });

  it('knows no state but its own', () => {
    const { step, accepts } = readerOf(union(['a']));
    expect(() => step(99, 'a')).toThrow(new RangeError('There is no such state.'));
    expect(() => accepts(99)).toThrow(new RangeError('There is no such state.'));
  });

  it('mentions every letter of its patterns, also of those that it leaves out', () => {
    const [language] = difference(intersection(union(['a*', 'b']), union(['*c'])), union(['d*']));
    expect(language && lettersOf(language)).toEqual(new Set(['a', 'b', 'c', 'd']));
    expect(lettersOf(anyText)).toEqual(new Set());
  });
});
