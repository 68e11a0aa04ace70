import { describe, expect, it } from 'vitest';
import {
  anyInstant,
  anyMinute,
  instantsOf,
  minutesOf,
  momentIn,
  type WrittenTimes,
} from '../../../lib/diagnostics/prove/times.ts';
import { subtractIntervals } from '../../../lib/grants/prove/intervals.ts';
import { isWithin } from '../../../lib/grants/times.ts';

const ms = (text: string): bigint => BigInt(Date.parse(text));
const day = 1440n;

describe('the times of a grant', () => {
  it('are the instants from the first to the last', () => {
    const farthest = 8_640_000_000_000_000n;
    const [from, until] = ['2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z'];
    expect(instantsOf({ from, until })).toEqual([[ms(from), ms(until) - 1n]]);
    expect(instantsOf({ from })).toEqual([[ms(from), farthest]]);
    expect(instantsOf({ until })).toEqual([[-farthest, ms(until) - 1n]]);
    expect(instantsOf({})).toEqual(anyInstant);
    expect(instantsOf({ from: until, until: from })).toEqual([]);
  });

  it.each<[WrittenTimes, readonly (readonly [bigint, bigint])[]]>([
    [{}, anyMinute],
    [{ days: ['Mon'] }, [[day, 2n * day - 1n]]],
    [
      { days: ['Sat', 'Sun'] },
      [
        [0n, day - 1n],
        [6n * day, 7n * day - 1n],
      ],
    ],
    [{ days: ['Sun'], daily: { begins: '09:30', ends: '17:05' } }, [[570n, 1024n]]],
    [
      { days: ['Sun'], daily: { begins: '22:00', ends: '06:00' } },
      [
        [0n, 359n],
        [1320n, 1439n],
      ],
    ],
    [
      { days: ['Sun', 'Mon'], daily: { begins: '22:00', ends: '06:00' } },
      [
        [0n, 359n],
        [1320n, day + 359n],
        [day + 1320n, day + 1439n],
      ],
    ],
    [{ days: ['Sun'], daily: { begins: '10:00', ends: '10:00' } }, []],
    [{ days: [] }, []],
  ])('%j are minutes of the week', (times, expected) => {
    expect(minutesOf(times)).toEqual(expected);
  });
});

describe('a moment', () => {
  const now = new Date('2026-11-26T12:34:56.789Z');
  const moment = (times: WrittenTimes, at = now) => momentIn(instantsOf(times), minutesOf(times), at)?.toISOString();

  it.each<[WrittenTimes, string | undefined]>([
    [{}, '2026-11-26T12:34:56.789Z'],
    [{ from: '2026-12-01T00:00:00.500Z' }, '2026-12-01T00:00:00.500Z'],
    [{ until: '2026-11-26T12:34:56.790Z' }, '2026-11-26T12:34:56.789Z'],
    [{ days: ['Thu'] }, '2026-11-26T12:34:56.789Z'],
    [{ days: ['Fri'] }, '2026-11-27T00:00:00.000Z'],
    [{ days: ['Wed'] }, '2026-12-02T00:00:00.000Z'],
    [{ days: ['Wed', 'Sat'] }, '2026-11-28T00:00:00.000Z'],
    [{ daily: { begins: '12:34', ends: '12:35' } }, '2026-11-26T12:34:56.789Z'],
    [{ daily: { begins: '12:35', ends: '12:36' } }, '2026-11-26T12:35:00.000Z'],
    [{ daily: { begins: '12:00', ends: '12:34' } }, '2026-11-27T12:00:00.000Z'],
    [
      { from: '2026-11-26T12:34:00Z', until: '2026-11-26T12:35:00Z', daily: { begins: '12:35', ends: '12:36' } },
      undefined,
    ],
    [{ days: ['Fri'], until: '2026-11-27T00:00:00Z', from: '2026-11-26T13:00:00Z' }, undefined],
    [{ days: ['Fri'], until: '2026-11-27T00:00:00.001Z', from: '2026-11-26T13:00:00Z' }, '2026-11-27T00:00:00.000Z'],
    [{ days: [] }, undefined],
  ])('of %j is the first from now on', (times, expected) => {
    expect(moment(times)).toBe(expected);
  });

  it('is an earlier one if there is none any more', () => {
    const over = { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' };
    expect(moment(over)).toBe('2026-01-01T00:00:00.000Z');
    expect(moment({ ...over, days: ['Wed'] })).toBe('2026-01-07T00:00:00.000Z');
    // Before 1970 too.
    const old = {
      from: '1969-12-30T10:00:30.250Z',
      until: '1970-01-01T00:00:00Z',
      daily: { begins: '10:01', ends: '11:00' },
    };
    expect(moment(old)).toBe('1969-12-30T10:01:00.000Z');
  });

  it('is none of no instants', () => {
    expect(momentIn([], anyMinute, now)).toBeUndefined();
    expect(momentIn(anyInstant, [], now)).toBeUndefined();
    const later = subtractIntervals(anyInstant, [[-8_640_000_000_000_000n, ms('2027-01-01T00:00:00Z')]]);
    expect(momentIn(later, anyMinute, now)?.toISOString()).toBe('2027-01-01T00:00:00.001Z');
  });

  it('is one at which the grant is valid', () => {
    const daily = { begins: 22 * 60, ends: 6 * 60 };
    for (let hour = 0; hour < 168; hour += 5) {
      const at = new Date(now.getTime() + hour * 3_600_000);
      const found = moment({ daily: { begins: '22:00', ends: '06:00' }, days: ['Mon', 'Fri'] }, at) ?? '';
      expect([found, isWithin({ daily, days: new Set([1, 5]) }, new Date(found))]).toEqual([found, true]);
    }
  });
});
