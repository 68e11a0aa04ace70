import { describe, expect, it } from 'vitest';
import { countDurations, durationBounds } from '../../lib/core/durations.ts';

describe('counted durations', () => {
  it('count each in the bucket whose bound it does not exceed', () => {
    const counted = countDurations();
    for (const milliseconds of [0, 1, 1.5, 10_000, 10_001]) counted.add(milliseconds);
    expect(counted.buckets.length).toBe(durationBounds.length + 1);
    expect(counted.buckets[0]).toBe(2);
    expect(counted.buckets[1]).toBe(1);
    expect(counted.buckets.at(-2)).toBe(1);
    expect(counted.buckets.at(-1)).toBe(1);
    expect(counted).toMatchObject({ count: 5, milliseconds: 20_003.5 });
  });
});
