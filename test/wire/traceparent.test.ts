import { describe, expect, it } from 'vitest';
import { readTraceparent, writeTraceparent } from '../../lib/wire/traceparent.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const valid = `00-${traceId}-${parentId}-01`;

// https://www.w3.org/TR/trace-context/#traceparent-header and its test suite.
describe('traceparent', () => {
  it('is read, and written as it was', () => {
    expect(readTraceparent(valid)).toEqual({ traceId, parentId, isSampled: true });
    expect(readTraceparent(`00-${traceId}-${parentId}-00`)).toEqual({ traceId, parentId, isSampled: false });
    expect(writeTraceparent({ traceId, parentId, isSampled: true })).toBe(valid);
  });

  it('of a later version is read as far as it is known', () => {
    for (const later of [`cc-${traceId}-${parentId}-01`, `cc-${traceId}-${parentId}-01-what-the-future-will-be-like`])
      expect(readTraceparent(later)).toEqual({ traceId, parentId, isSampled: true });
    expect(readTraceparent(`01-${traceId}-${parentId}-09`)?.isSampled).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['another version', `ff-${traceId}-${parentId}-01`],
    ['a version that is no number', `0x-${traceId}-${parentId}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
    ['a parent of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', valid.toUpperCase()],
    ['a trace that is too short', `00-${traceId.slice(1)}-${parentId}-01`],
    ['a trace that is too long', `00-${traceId}0-${parentId}-01`],
    ['a letter that is no digit', `00-${traceId.slice(1)}g-${parentId}-01`],
    ['flags that are too long', `00-${traceId}-${parentId}-011`],
    ['more than version 00 has', `${valid}-more`],
    ['a later version with more that is not set apart', `cc-${traceId}-${parentId}-01.more`],
    ['two at once', `${valid}, ${valid}`],
    ['white space', ` ${valid}`],
    ['a line break', `${valid}\n`],
    ['a long one', `cc-${traceId}-${parentId}-01-${'x'.repeat(512)}`],
  ])('is ignored if it is %s', (_, header) => {
    expect(readTraceparent(header)).toBeUndefined();
  });
});
