import { type Intervals, intervals } from '../../grants/prove/intervals.ts';

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const minutesPerDay = 1440;
const minutesPerWeek = 7 * minutesPerDay;
const msPerMinute = 60_000;
/** The instants that a Date can have. */
const farthest = 8_640_000_000_000_000n;

/** As in a grant. */
export interface WrittenTimes {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly daily?: { readonly begins: string; readonly ends: string } | undefined;
  readonly days?: readonly (typeof dayNames)[number][] | undefined;
}

/** In milliseconds since 1970. */
export const anyInstant: Intervals = [[-farthest, farthest]];

/** In minutes since Sunday, 00:00 UTC. */
export const anyMinute: Intervals = [[0n, BigInt(minutesPerWeek - 1)]];

export const instantsOf = ({ from, until }: WrittenTimes): Intervals =>
  intervals([
    [
      from === undefined ? -farthest : BigInt(Date.parse(from)),
      until === undefined ? farthest : BigInt(Date.parse(until)) - 1n,
    ],
  ]);

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

export const minutesOf = ({ daily, days }: WrittenTimes): Intervals => {
  const [begins, ends] = daily === undefined ? [0, minutesPerDay] : [minuteOf(daily.begins), minuteOf(daily.ends)];
  // A window that ends before it begins goes over midnight.
  const windows =
    begins <= ends
      ? [[begins, ends]]
      : [
          [0, ends],
          [begins, minutesPerDay],
        ];
  return intervals(
    (days ?? dayNames).flatMap((day) => {
      const midnight = dayNames.indexOf(day) * minutesPerDay;
      return windows.map(([from = 0, until = 0]): readonly [bigint, bigint] => [
        BigInt(midnight + from),
        BigInt(midnight + until - 1),
      ]);
    }),
  );
};

const minuteAt = (instant: bigint): number => {
  const date = new Date(Number(instant));
  return date.getUTCDay() * minutesPerDay + date.getUTCHours() * 60 + date.getUTCMinutes();
};

/** The first instant of the interval whose minute of the week is in the set. */
const firstWithin = ([first, last]: readonly [bigint, bigint], minutes: Intervals): Date | undefined => {
  const minute = BigInt(minuteAt(first));
  const ms = BigInt(msPerMinute);
  if (minutes.some(([from, until]) => from <= minute && minute <= until)) return new Date(Number(first));
  const begin = first - (((first % ms) + ms) % ms);
  const waits = minutes.map(([from]) => (from - minute + BigInt(minutesPerWeek)) % BigInt(minutesPerWeek));
  const instants = waits.map((wait) => begin + wait * ms).sort((one, other) => (one < other ? -1 : 1));
  const [instant] = instants;
  return instant === undefined || instant > last ? undefined : new Date(Number(instant));
};

/** An instant of the set whose minute of the week is in the other: from now on if there is one, or else before. */
export const momentIn = (instants: Intervals, minutes: Intervals, now: Date): Date | undefined => {
  const at = BigInt(now.getTime());
  const later = instants.flatMap(([first, last]) => (last < at ? [] : [[first > at ? first : at, last] as const]));
  for (const interval of [...later, ...instants]) {
    const found = firstWithin(interval, minutes);
    if (found !== undefined) return found;
  }
  return undefined;
};
