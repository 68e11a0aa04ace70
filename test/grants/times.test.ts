import { describe, expect, it } from 'vitest';
import { isWithin, type Times } from '../../lib/grants/times.ts';

const span = { from: new Date('2026-11-22T12:00:00Z'), until: new Date('2026-11-22T13:00:00Z') };
const workday = { daily: { begins: 9 * 60 + 30, ends: 17 * 60 } };
const night = { daily: { begins: 22 * 60, ends: 6 * 60 } };

describe('the times of a grant', () => {
  it.each<[string, Times, string, boolean]>([
    ['begin with the first instant', span, '2026-11-22T12:00:00.000Z', true],
    ['have not begun before', span, '2026-11-22T11:59:59.999Z', false],
    ['end before the last instant', span, '2026-11-22T13:00:00.000Z', false],
    ['last until then', span, '2026-11-22T12:59:59.999Z', true],
    ['begin each day', workday, '2026-11-22T09:30:00Z', true],
    ['have not begun a minute before', workday, '2026-11-22T09:29:59Z', false],
    ['last until the end of the day', workday, '2026-11-22T16:59:59Z', true],
    ['end then', workday, '2026-11-22T17:00:00Z', false],
    ['go over midnight', night, '2026-11-22T00:00:00Z', true],
    ['begin in the evening', night, '2026-11-22T22:00:00Z', true],
    ['have not begun before the evening', night, '2026-11-22T21:59:59Z', false],
    ['last until the morning', night, '2026-11-22T05:59:59Z', true],
    ['end in the morning', night, '2026-11-22T06:00:00Z', false],
    ['are none from a minute to itself', { daily: { begins: 600, ends: 600 } }, '2026-11-22T10:00:00Z', false],
    ['are on a Sunday', { days: new Set([0]) }, '2026-11-22T23:59:59Z', true],
    ['are not on a Monday', { days: new Set([0]) }, '2026-11-23T00:00:00Z', false],
    ['are always', {}, '2026-11-22T12:00:00Z', true],
  ])('%s', (_, times, now, expected) => {
    expect(isWithin(times, new Date(now))).toBe(expected);
  });
});
