import { describe, expect, it } from 'vitest';
import { near } from '../../../lib/diagnostics/prove/near.ts';
import type { IssuerGrammar } from '../../../lib/grants/prove/issuers/grammar.ts';
import { type Language, union } from '../../../lib/grants/prove/language.ts';
import type { AxisSet } from '../../../lib/grants/prove/set.ts';

const grammar: IssuerGrammar = {
  kinds: [{ name: 'a token', shape: [{ in: ['sub'], alphabet: () => true }] }],
  texts: [],
  lists: ['groups'],
  isOpen: true,
  hasAudiences: true,
  risks: [],
};
const names = (...list: readonly string[]): AxisSet => ({ kind: 'names', names: new Set(list) });
const texts = (language: Language): AxisSet => ({ kind: 'texts', language });
const members = (...some: readonly Language[]): AxisSet => ({ kind: 'members', some, never: [] });
const numbers = (at: bigint): AxisSet => ({ kind: 'numbers', intervals: [[at, at]] });
const [a, b, any] = [union(['a*']), union(['b*']), union(['**'])];

describe('two products', () => {
  it.each<[string, Readonly<Record<string, AxisSet>>, Readonly<Record<string, AxisSet>>, boolean]>([
    ['of nothing in particular', {}, {}, true],
    ['of one name', { x: names('a', 'b') }, { x: names('b', 'c') }, true],
    ['of other names', { x: names('a') }, { x: names('b', 'c') }, false],
    ['of other axes', { x: names('a') }, { y: names('b') }, true],
    ['of roles that begin otherwise', { role: texts(a) }, { role: texts(b) }, false],
    ['of roles that may agree', { role: texts(a) }, { role: texts(any) }, true],
    ['of the same roles', { role: texts(union([])) }, { role: texts(any) }, false],
    ['of a claim that begins otherwise', { 'claim sub': members(a) }, { 'claim sub': members(b) }, false],
    ['of a claim that may agree', { 'claim sub': members(a) }, { 'claim sub': members(any) }, true],
    [
      'of a claim one of whose demands differs',
      { 'claim sub': members(any, a) },
      { 'claim sub': members(any, b) },
      false,
    ],
    ['of a list, whose members may be both', { 'claim groups': members(a) }, { 'claim groups': members(b) }, true],
    ['of a claim that may be a list', { 'claim other': members(a) }, { 'claim other': members(b) }, true],
    ['of numbers, which are not looked at', { x: numbers(1n) }, { x: numbers(2n) }, true],
    [
      'of which one of several axes differs',
      { x: names('a'), role: texts(a) },
      { x: names('a'), role: texts(b) },
      false,
    ],
    ['of sets of two kinds', { x: names('a') }, { x: texts(a) }, true],
  ])('%s may have something in common: %s', (_, one, other, isNear) => {
    const [mine, theirs] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
    expect(near(mine, grammar)(theirs)).toBe(isNear);
    expect(near(theirs, grammar)(mine)).toBe(isNear);
  });

  it('that have one set have it in common, whatever it is', () => {
    const set = texts(union([]));
    expect(near(new Map([['role', set]]), grammar)(new Map([['role', set]]))).toBe(true);
  });
});
