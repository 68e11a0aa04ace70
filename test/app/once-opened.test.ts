import { describe, expect, it } from 'vitest';
import { onceOpened } from '../../lib/app/once-opened.ts';

describe('something that is opened once', () => {
  it('is not opened before its first use', () => {
    let count = 0;
    const opened = onceOpened(async () => ++count);
    expect([count, opened.current()]).toEqual([0, undefined]);
  });

  it('is opened once for uses at the same time and later', async () => {
    let count = 0;
    const opened = onceOpened(async () => ++count);
    expect(await Promise.all([opened.open(), opened.open()])).toEqual([1, 1]);
    expect([await opened.open(), await opened.current()]).toEqual([1, 1]);
  });

  it('is opened again after a failure, which every use under way hears of', async () => {
    let count = 0;
    const opened = onceOpened(async () => {
      if (++count === 1) throw new Error('not yet');
      return count;
    });
    const first = await Promise.allSettled([opened.open(), opened.open()]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(opened.current()).toBeUndefined();
    expect(await opened.open()).toBe(2);
  });
});
