import { describe, expect, it } from 'vitest';
import { mapConcurrent } from '../../lib/core/map-concurrent.ts';

const never = new AbortController().signal;

describe('work on a list, so many items at a time', () => {
  it('begins in the order of the list, and never more at once', async () => {
    const begun: number[] = [];
    const finish: (() => void)[] = [];
    const all = mapConcurrent([1, 2, 3, 4, 5], 2, never, (item) => {
      begun.push(item);
      return new Promise((resolve) => finish.push(resolve));
    });
    expect(begun).toEqual([1, 2]);
    for (let done = 0; done < 5; done++) {
      finish[done]?.();
      await Promise.resolve();
      await Promise.resolve();
      expect(begun.length).toBeLessThanOrEqual(done + 3);
    }
    await all;

    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('does not begin an item after the signal was aborted', async () => {
    const controller = new AbortController();
    const begun: number[] = [];
    await mapConcurrent([1, 2, 3], 1, controller.signal, async (item) => {
      begun.push(item);
      if (item === 2) controller.abort();
    });

    expect(begun).toEqual([1, 2]);
  });

  it('rejects if the work on an item does', async () => {
    const work = mapConcurrent([1, 2], 2, never, async (item) => {
      if (item === 2) throw new Error('two');
    });

    await expect(work).rejects.toThrow('two');
  });
});
