/** Whole numbers from the first to the last of each pair, both included; in ascending order, none touching another. */
export type Intervals = readonly (readonly [first: bigint, last: bigint])[];

/** The same numbers, in order and without overlaps. */
export const intervals = (pairs: Intervals): Intervals => {
  const sorted = pairs.filter(([first, last]) => first <= last).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const merged: [bigint, bigint][] = [];
  for (const [first, last] of sorted) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1n) before[1] = last > before[1] ? last : before[1];
    else merged.push([first, last]);
  }
  return merged;
};

export const intersectIntervals = (one: Intervals, other: Intervals): Intervals =>
  intervals(
    one.flatMap(([first, last]) =>
      other.map(([from, until]): readonly [bigint, bigint] => [
        first > from ? first : from,
        last < until ? last : until,
      ]),
    ),
  );

export const subtractIntervals = (one: Intervals, other: Intervals): Intervals =>
  other.reduce<Intervals>(
    (rest, [from, until]) =>
      intervals(
        rest.flatMap(
          ([first, last]): Intervals => [
            [first, last < from - 1n ? last : from - 1n],
            [first > until + 1n ? first : until + 1n, last],
          ],
        ),
      ),
    one,
  );
