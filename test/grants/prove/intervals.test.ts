import { describe, expect, it } from 'vitest';
import {
  type Intervals,
  intersectIntervals,
  intervals,
  subtractIntervals,
} from '../../../lib/grants/prove/intervals.ts';

const of = (...pairs: readonly (readonly [number, number])[]): Intervals =>
  pairs.map(([first, last]) => [BigInt(first), BigInt(last)]);

/** Every set of the numbers from 0 to 4, as intervals. */
const sets = Array.from({ length: 32 }, (_, bits) =>
  intervals(of(...[0, 1, 2, 3, 4].flatMap((n) => ((bits >> n) & 1 ? [[n, n] as const] : [])))),
);
const numbersIn = (set: Intervals): readonly bigint[] =>
  set.flatMap(([first, last]) => Array.from({ length: Number(last - first) + 1 }, (_, at) => first + BigInt(at)));

describe('intervals', () => {
  it.each<[Intervals, Intervals]>([
    [of(), of()],
    [of([5, 5]), of([5, 5])],
    [of([3, 2]), of()],
    [of([5, 7], [1, 2]), of([1, 2], [5, 7])],
    [of([1, 2], [3, 4]), of([1, 4])],
    [of([1, 2], [4, 5]), of([1, 2], [4, 5])],
    [of([1, 9], [2, 3]), of([1, 9])],
    [of([2, 3], [1, 9], [8, 12]), of([1, 12])],
    [of([1, 3], [1, 2]), of([1, 3])],
    [of([1, 2], [1, 3]), of([1, 3])],
    [of([-2, -1], [0, 0]), of([-2, 0])],
  ])('are in order, and none touches another', (pairs, expected) => {
    expect(intervals(pairs)).toEqual(expected);
  });

  it('have in common what is in both, and less what is in one alone', () => {
    for (const one of sets) {
      for (const other of sets) {
        const [mine, theirs] = [numbersIn(one), numbersIn(other)];
        const common = mine.filter((n) => theirs.includes(n));
        const rest = mine.filter((n) => !theirs.includes(n));
        expect(numbersIn(intersectIntervals(one, other))).toEqual(common);
        expect(numbersIn(subtractIntervals(one, other))).toEqual(rest);
      }
    }
  });

  it('leave nothing of what they take, and all of what they do not touch', () => {
    expect(subtractIntervals(of([1, 9]), of([4, 5]))).toEqual(of([1, 3], [6, 9]));
    expect(subtractIntervals(of([1, 9]), of([0, 10]))).toEqual(of());
    expect(subtractIntervals(of([1, 9]), of([10, 12]))).toEqual(of([1, 9]));
    expect(intersectIntervals(of([1, 5]), of([5, 9]))).toEqual(of([5, 5]));
  });
});
