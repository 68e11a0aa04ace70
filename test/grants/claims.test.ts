import { describe, expect, it } from 'vitest';
import { claimOf, claimRule, claimTexts, classOf, meetsClaim } from '../../lib/grants/claims.ts';

const claims = {
  sub: 'repo:acme/site',
  groups: ['dev', 'ops'],
  level: 7,
  kubernetes: { namespace: 'prod', 'a/b': 'slash', 'a~b': 'tilde', 'a~1b': 'both', list: [{ x: 'y' }] },
  '/rooted': 'never found by its own name',
  'with.dots/and slashes': 'found',
};

describe('a claim', () => {
  it.each<[string, unknown]>([
    ['sub', 'repo:acme/site'],
    ['with.dots/and slashes', 'found'],
    ['/sub', 'repo:acme/site'],
    ['/kubernetes/namespace', 'prod'],
    ['/kubernetes/a~1b', 'slash'],
    ['/kubernetes/a~0b', 'tilde'],
    ['/kubernetes/a~01b', 'both'],
    ['/rooted', undefined],
    ['/kubernetes/other', undefined],
    ['/kubernetes/namespace/length', undefined],
    ['/kubernetes/list/0', undefined],
    ['/other/namespace', undefined],
    ['kubernetes/namespace', undefined],
    ['toString', undefined],
    ['/kubernetes/toString', undefined],
    ['/', undefined],
  ])('is found by its name, or by a pointer: %s', (name, value) => {
    expect(claimOf(claims, name)).toEqual(value);
  });

  it.each<[unknown, readonly string[]]>([
    ['x', ['x']],
    ['', ['']],
    [7, ['7']],
    [-1, ['-1']],
    [true, ['true']],
    [false, ['false']],
    [
      ['a', 2, true, null, { b: 1 }, ['c'], 0.5],
      ['a', '2', 'true'],
    ],
    [[], []],
    [0.5, []],
    [2 ** 53, []],
    [Number.NaN, []],
    [null, []],
    [undefined, []],
    [{ a: 'x' }, []],
  ])('%j has the texts %j', (value, texts) => {
    expect(claimTexts(value)).toEqual(texts);
  });

  it.each<[unknown, string]>([
    [undefined, 'absent'],
    [null, 'absent'],
    [[], 'a list of 0'],
    [['a', 'b'], 'a list of 2'],
    ['', 'empty text'],
    ['abc', 'another text, of 3 characters'],
    [{ a: 1 }, 'an object'],
    [7, 'another number'],
    [true, 'another boolean'],
  ])('%j is traced as %s', (value, expected) => {
    expect(classOf(value)).toBe(expected);
  });

  it('meets a rule if any of its texts matches any of the patterns', () => {
    expect(meetsClaim(claims, claimRule('groups', ['x', 'op*']))).toBe(true);
    expect(meetsClaim(claims, claimRule('groups', ['x', 'y*']))).toBe(false);
    expect(meetsClaim(claims, claimRule('groups', []))).toBe(false);
    expect(meetsClaim(claims, claimRule('other', ['**']))).toBe(false);
    expect(meetsClaim(claims, claimRule('level', ['7']))).toBe(true);
  });
});
