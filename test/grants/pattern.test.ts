import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, exactly, patternSteps } from '../../lib/grants/pattern.ts';
import { countedText } from '../support/counted-text.ts';

/** What a pattern means, said as slowly as possible. */
const matchesSlowly = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === '';
  if (pattern.startsWith('**')) {
    const rest = pattern.slice(2);
    return Array.from({ length: text.length + 1 }, (_, index) => text.slice(index)).some((tail) =>
      matchesSlowly(rest, tail),
    );
  }
  if (pattern.startsWith('*')) {
    const rest = pattern.slice(1);
    if (matchesSlowly(rest, text)) return true;
    return text !== '' && !/^[/:]/.test(text) && matchesSlowly(pattern, text.slice(1));
  }
  return text.charAt(0) === pattern.charAt(0) && text !== '' && matchesSlowly(pattern.slice(1), text.slice(1));
};

describe('a pattern', () => {
  it.each([
    ['repo:acme/*', 'repo:acme/web', true],
    ['repo:acme/*', 'repo:acme/', true],
    ['repo:acme/*', 'repo:acme/web/x', false],
    ['repo:acme/*', 'repo:acme/web:x', false],
    ['repo:acme/**', 'repo:acme/web:ref/x', true],
    ['arn:aws:iam::*:role/ci-*', 'arn:aws:iam::123456789012:role/ci-web', true],
    ['arn:aws:iam::*:role/ci-*', 'arn:aws:iam::1:user/x:role/ci-web', false],
    ['arn:aws:iam::*:role/ci-*', 'xarn:aws:iam::1:role/ci-web', false],
    ['**', '', true],
    ['*', 'a/b', false],
    ['*/*', 'a/b', true],
    ['***', 'a/b', true],
    ['a*a', 'a', false],
    ['a.c', 'abc', false],
    ['[a-z]', 'a', false],
    ['a', 'a\n', false],
    ['*', 'a\nb', true],
    ['', '', true],
    ['', 'a', false],
  ])('%j takes %j: %s', (pattern, text, takes) => {
    expect(compilePattern(pattern)(text)).toBe(takes);
  });

  it.each<[string, object | undefined]>([
    ['abc', undefined],
    ['', undefined],
    ['a*b**c', { beginning: 'a', end: 'c' }],
    ['*', { beginning: '', end: '' }],
    ['ab**', { beginning: 'ab', end: '' }],
  ])('knows how it is written, and what is literal at its ends: %j', (written, ends) => {
    const pattern = compilePattern(written);
    expect([pattern.written, pattern.ends]).toEqual([written, ends]);
  });

  it('consists of letters and wildcards', () => {
    expect(patternSteps('a*/***')).toEqual([
      { kind: 'literal', character: 'a' },
      { kind: 'segment' },
      { kind: 'literal', character: '/' },
      { kind: 'any' },
    ]);
    expect(patternSteps('')).toEqual([]);
  });

  it('that is a text alone takes this text, whatever characters it has', () => {
    const star = exactly('a*');
    expect([star('a*'), star('ab'), star.written, star.ends]).toEqual([true, false, 'a*', undefined]);
  });

  it('means what it says, for every pattern and text', () => {
    const letters = (...units: string[]) =>
      fc.array(fc.constantFrom(...units), { maxLength: 8 }).map((list) => list.join(''));
    fc.assert(
      fc.property(letters('a', 'b', '*', '**', '/', ':'), letters('a', 'b', '/', ':', '*'), (pattern, text) => {
        expect(compilePattern(pattern)(text)).toBe(matchesSlowly(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['nothing but stars', '*'.repeat(2048)],
    ['stars between letters', 'a*'.repeat(1024)],
    ['double stars between letters', 'a**'.repeat(682)],
  ])('never backtracks, so that it reads each character once: %s', (_name, pattern) => {
    const matches = compilePattern(pattern);
    for (const plain of ['b', 'a/'.repeat(1024), 'a'.repeat(2048)]) {
      const { text, reads } = countedText(plain);
      matches(text);
      // None of a text that begins otherwise.
      expect(reads()).toBe(pattern.startsWith('a') && plain === 'b' ? 0 : plain.length);
    }
  });
});
