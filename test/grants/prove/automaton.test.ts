import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../lib/grants/pattern.ts';
import {
  type Automaton,
  areApart,
  automaton,
  containing,
  exactAutomaton,
} from '../../../lib/grants/prove/automaton.ts';

const patterns = [
  '',
  'a',
  'ab',
  '*',
  '**',
  'a*',
  '*a',
  'a**',
  '**a',
  'a*b',
  'a**b',
  '*a*',
  '*/*',
  'a/*',
  '**/a',
  '*:**',
  'a*a',
  'ab*ba',
  '*b**a*',
];

/** Every text of up to four letters. */
const texts = (() => {
  let level = [''];
  const all = [''];
  for (let length = 1; length <= 4; length++) {
    level = level.flatMap((text) => ['a', 'b', '/', ':'].map((letter) => text + letter));
    all.push(...level);
  }
  return all;
})();

const reached = (one: Automaton, text: string): number =>
  [...text].reduce((state, letter) => one.step(state, letter), one.start);
const takes = (one: Automaton, text: string): boolean => one.accepts(reached(one, text));

describe('the automaton of a pattern', () => {
  it.each(patterns)('takes the texts that the pattern does: %j', (pattern) => {
    const one = automaton(pattern);
    const matches = compilePattern(pattern);
    for (const text of texts) expect([text, takes(one, text)]).toEqual([text, matches(text)]);
  });

  it('is dead once no text can follow, and stays so', () => {
    const one = automaton('a*b');
    expect([reached(one, 'b'), one.step(0, 'a'), one.accepts(0)]).toEqual([0, 0, false]);
    expect(one.next(0)).toEqual({ letters: [], others: false });
    expect(reached(one, 'a/')).toBe(0);
  });

  it('has few states, which come again', () => {
    const one = automaton('a*b');
    expect(reached(one, 'axy')).toBe(reached(one, 'ax'));
    expect(reached(one, 'axb')).toBe(reached(one, 'ab'));
    expect(reached(one, 'ab')).not.toBe(reached(one, 'ax'));
  });

  it.each<[string, string, readonly string[], boolean]>([
    ['ab*c', '', ['a'], false],
    ['ab*c', 'ab', ['c'], true],
    ['ab*c', 'abc', ['c'], true],
    ['ab', 'a', ['b'], false],
    ['ab', 'ab', [], false],
    ['*a', '', ['a'], true],
    ['a**', 'a', [], true],
  ])('%j knows what can follow %j', (pattern, text, letters, others) => {
    const one = automaton(pattern);
    for (const _ of ['first', 'again']) expect(one.next(reached(one, text))).toEqual({ letters, others });
  });

  it.each<[string, string, string, boolean, readonly string[]]>([
    ['', '', '', true, []],
    ['abc', 'abc', 'abc', true, ['a', 'b', 'c']],
    ['a*c', 'a', 'c', false, ['a', 'c']],
    ['ab**cd*ef', 'ab', 'ef', false, ['a', 'b', 'c', 'd', 'e', 'f']],
    ['*a', '', 'a', false, ['a']],
    ['a*', 'a', '', false, ['a']],
    ['**', '', '', false, []],
  ])('%j tells what its texts begin and end with', (pattern, prefix, suffix, isExact, letters) => {
    expect(automaton(pattern)).toMatchObject({ prefix, suffix, isExact, letters: new Set(letters) });
  });
});

describe('an automaton of a text', () => {
  it('takes this text alone, whatever characters it has', () => {
    const one = exactAutomaton('a*');
    expect(['a*', 'a', 'ab', 'a*b', ''].map((text) => takes(one, text))).toEqual([true, false, false, false, false]);
    expect(one).toMatchObject({ prefix: 'a*', suffix: 'a*', isExact: true });
  });

  it('takes every text that has it, whatever stands around it', () => {
    const one = containing('a*');
    const all = ['a*', 'b/a*:b', 'aa*', 'a', 'ab', '', '*a'];
    expect(all.map((text) => takes(one, text))).toEqual([true, true, true, false, false, false, false]);
  });
});

describe('two patterns', () => {
  it.each<[string, string, boolean]>([
    ['ab', 'ab', false],
    ['ab', 'ac', true],
    ['ab', 'abc', true],
    ['', 'a', true],
    ['a*', 'b*', true],
    ['a*', 'ab*', false],
    ['a*', 'ab', false],
    ['ab', 'abc*', true],
    ['abc', 'ab*', false],
    ['abc', 'b*', true],
    ['*a', '*b', true],
    ['*a', '*ba', false],
    ['*a', 'ba', false],
    ['ab', '*xab', true],
    ['xab', '*ab', false],
    ['abc', '*b', true],
    ['a*b', 'a*c', true],
    ['a*c', 'b*c', true],
    ['a*c', 'ab*bc', false],
    ['', '*', false],
    ['', 'a*', true],
    ['', '*a', true],
    ['**', 'a*b', false],
    ['a', 'a*a', false],
  ])('%j and %j are seen to have no text in common: %s', (one, other, apart) => {
    expect(areApart(automaton(one), automaton(other))).toBe(apart);
    expect(areApart(automaton(other), automaton(one))).toBe(apart);
    // What is seen is true; not all that is true is seen.
    if (apart) expect(texts.filter((text) => compilePattern(one)(text) && compilePattern(other)(text))).toEqual([]);
  });
});
