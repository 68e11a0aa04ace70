/** Whole numbers from the first to the last of each pair, both included; in ascending order, none touching another. */
export type Intervals = readonly (readonly [first: bigint, last: bigint])[];

const earlier = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const later = (one: bigint, other: bigint): bigint => (one > other ? one : other);

/** The same numbers, in order and without overlaps. */
export const intervals = (pairs: Intervals): Intervals => {
  const sorted = pairs.filter(([first, last]) => first <= last).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const merged: [bigint, bigint][] = [];
  for (const [first, last] of sorted) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1n) before[1] = later(last, before[1]);
    else merged.push([first, last]);
  }
  return merged;
};

export const intersectIntervals = (one: Intervals, other: Intervals): Intervals =>
  intervals(
    one.flatMap(([first, last]) =>
      other.map(([from, until]): readonly [bigint, bigint] => [later(first, from), earlier(last, until)]),
    ),
  );

export const subtractIntervals = (one: Intervals, other: Intervals): Intervals =>
  other.reduce<Intervals>(
    (rest, [from, until]) =>
      intervals(
        rest.flatMap(
          ([first, last]): Intervals => [
            [first, earlier(last, from - 1n)],
            [later(first, until + 1n), last],
          ],
        ),
      ),
    one,
  );
