import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInstant } from '../../lib/wire/instant.ts';

describe('reading an instant', () => {
  it.each([
    ['2026-11-22T02:34:16Z', '2026-11-22T02:34:16.000Z'],
    ['2026-11-22T02:34:16.5Z', '2026-11-22T02:34:16.500Z'],
    ['2026-11-22T02:34:16.123456789Z', '2026-11-22T02:34:16.123Z'],
    ['2026-11-22T02:34:16+00:00', '2026-11-22T02:34:16.000Z'],
    ['2026-11-22T10:34:16+08:00', '2026-11-22T02:34:16.000Z'],
    ['2026-11-21T21:04:16-0530', '2026-11-22T02:34:16.000Z'],
    ['2026-11-22t02:34:16z', '2026-11-22T02:34:16.000Z'],
    ['2026-11-22 02:34:16Z', '2026-11-22T02:34:16.000Z'],
    ['2026-11-22T02:34:16.1234567890123456Z', '2026-11-22T02:34:16.123Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2017-01-01T07:59:60.25+08:00', '2017-01-01T00:00:00.250Z'],
  ])('takes %s for %s', (text, instant) => {
    expect(readInstant(text)?.toISOString()).toBe(instant);
  });

  it('takes a text without a zone for UTC only if it is told to', () => {
    expect(readInstant('2026-11-22T02:34:16')).toBeUndefined();
    expect(readInstant('2026-11-22T02:34:16', 'utc')?.toISOString()).toBe('2026-11-22T02:34:16.000Z');
    expect(readInstant('2026-11-22 02:34:16.25', 'utc')?.toISOString()).toBe('2026-11-22T02:34:16.250Z');
    expect(readInstant('2026-11-22T02:34:16+08:00', 'utc')?.toISOString()).toBe('2026-11-21T18:34:16.000Z');
  });

  it.each([
    undefined,
    '',
    'tomorrow',
    '2026-11-22',
    '1893456000',
    '2026-13-01T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-11-22T02:34:16.Z',
    '2026-11-22T02:34:61Z',
    '2026-11-22T02:60:00Z',
    '2026-11-22T02:34:16+99:99',
    ' 2026-11-22T02:34:16Z',
  ])('finds none in %j', (text) => {
    expect(readInstant(text)).toBeUndefined();
  });

  it('reads every instant that is written', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(readInstant(date.toISOString())).toEqual(date);
        },
      ),
    );
  });
});
