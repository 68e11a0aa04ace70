import { describe, expect, it } from 'vitest';
import {
  claimAxis,
  claimOfAxis,
  languages,
  member,
  names,
  numbers,
  texts,
} from '../../../lib/diagnostics/prove/axes.ts';

describe('the axis of a claim', () => {
  it.each([
    ['sub', 'claim sub'],
    ['/sub', 'claim sub'],
    ['/', 'claim '],
    ['/a/b', 'claim /a/b'],
    ['/a~1b', 'claim /a~1b'],
    ['a/b', 'claim a/b'],
  ])('of %s is %j', (name, axis) => {
    expect(claimAxis(name)).toBe(axis);
    expect(claimOfAxis(axis)).toBe(axis.slice(6));
  });

  it('is no other', () => {
    for (const axis of ['role', 'claims', 'a claim ']) expect(claimOfAxis(axis)).toBeUndefined();
  });
});

describe('the languages of a configuration', () => {
  it('are the same for the same patterns or texts, and no others', () => {
    const { matching, exactly } = languages();
    expect(matching(['a', 'b'])).toBe(matching(['a', 'b']));
    expect(exactly(['a'])).toBe(exactly(['a']));
    const made = [matching(['a']), matching(['a', 'b']), matching(['b', 'a']), exactly(['a']), exactly(['a', 'b'])];
    expect(new Set(made).size).toBe(5);
    expect(member(exactly(['a']))).toBe(member(exactly(['a'])));
    expect(member(exactly(['a']))).toEqual({ kind: 'members', some: [exactly(['a'])], never: [] });
    expect(texts(exactly(['a']))).toEqual({ kind: 'texts', language: exactly(['a']) });
  });
});

it('sets of names and numbers are as they are written', () => {
  expect(names('a', 'b')).toEqual({ kind: 'names', names: new Set(['a', 'b']) });
  expect(numbers(1n, 1n)).toEqual({ kind: 'numbers', intervals: [[1n, 1n]] });
  expect(numbers(2n, 1n)).toEqual({ kind: 'numbers', intervals: [] });
});
