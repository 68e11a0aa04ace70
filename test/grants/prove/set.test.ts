import { describe, expect, it } from 'vitest';
import { type Language, union } from '../../../lib/grants/prove/language.ts';
import {
  type AxisSet,
  intersectSets,
  isPlainlyEmpty,
  type MemberSet,
  subtractSets,
} from '../../../lib/grants/prove/set.ts';

const names = (...list: readonly string[]): AxisSet => ({ kind: 'names', names: new Set(list) });
const numbers = (...pairs: readonly (readonly [number, number])[]): AxisSet => ({
  kind: 'numbers',
  intervals: pairs.map(([first, last]) => [BigInt(first), BigInt(last)]),
});
const texts = (language: Language): AxisSet => ({ kind: 'texts', language });
const members = (
  some: readonly Language[],
  never: readonly Language[] = [],
  count?: MemberSet['count'],
): MemberSet => ({
  kind: 'members',
  some,
  never,
  ...(count === undefined ? {} : { count }),
});
const [a, b, c] = [union(['a']), union(['b']), union(['c'])];
/** That no member can be. */
const none = members([{ some: [[]], none: [] }]);

describe('what two sets have in common', () => {
  it.each<[string, AxisSet, AxisSet, AxisSet]>([
    ['of names', names('a', 'b'), names('b', 'c'), names('b')],
    ['of numbers', numbers([1, 5]), numbers([4, 9]), numbers([4, 5])],
    ['of texts', texts(a), texts(b), texts({ some: [...a.some, ...b.some], none: [] })],
    ['of members', members([a], [b]), members([b, a], [b, c]), members([a, b], [b, c])],
    ['of one member and of any number', members([a], [], 'one'), members([b]), members([a, b], [], 'one')],
    [
      'of any number of members and of several',
      members([a]),
      members([b], [], 'several'),
      members([a, b], [], 'several'),
    ],
    [
      'of several members twice',
      members([a], [], 'several'),
      members([b], [], 'several'),
      members([a, b], [], 'several'),
    ],
    ['of one member and of several', members([a], [], 'one'), members([b], [], 'several'), none],
  ])('is told %s', (_, one, other, expected) => {
    expect(intersectSets(one, other)).toStrictEqual(expected);
  });
});

describe('what is in one set and not in another', () => {
  it.each<[string, AxisSet, AxisSet, readonly AxisSet[]]>([
    ['of names', names('a', 'b'), names('b', 'c'), [names('a')]],
    ['of numbers', numbers([1, 5]), numbers([4, 9]), [numbers([1, 3])]],
    ['of texts', texts(a), texts(b), [texts({ some: a.some, none: b.some.flat() })]],
    ['of members, by each way to be outside', members([a]), members([b], [c]), [members([a], [b]), members([a, c])]],
    ['of one member, so that there are several', members([a]), members([], [], 'one'), [members([a], [], 'several')]],
    ['of several members, so that there is one', members([a]), members([], [], 'several'), [members([a], [], 'one')]],
    ['of what is whole', members([a]), members([]), []],
  ])('is told %s', (_, one, other, expected) => {
    expect(subtractSets(one, other)).toStrictEqual(expected);
  });
});

it('sets of two kinds have nothing to do with each other', () => {
  const all = [names('a'), numbers([1, 2]), texts(a), members([a])];
  for (const one of all) {
    for (const other of all.filter(({ kind }) => kind !== one.kind)) {
      const why = `An axis has sets of one kind: ${one.kind} and ${other.kind} are two.`;
      expect(() => intersectSets(one, other)).toThrow(new TypeError(why));
      expect(() => subtractSets(one, other)).toThrow(new TypeError(why));
    }
  }
});

it('a set is seen to be empty if it has no names or numbers', () => {
  expect([names(), numbers()].map(isPlainlyEmpty)).toEqual([true, true]);
  const others = [names('a'), numbers([1, 1]), texts({ some: [[]], none: [] }), none];
  expect(others.map(isPlainlyEmpty)).toEqual([false, false, false, false]);
});
