import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { limitConcurrency } from '../../lib/mint/limit-concurrency.ts';
import type { Source } from '../../lib/mint/source.ts';
import { virtualClock } from '../support/clock.ts';
import { credentialsOf, forever, requestOf } from '../support/requests.ts';

const open = (maxCalls: number) => {
  const clock = virtualClock();
  const calls: (() => void)[] = [];
  const source: Source = () =>
    new Promise((resolve) => calls.push(() => resolve(credentialsOf(calls.length, clock.now()))));
  return { clock, calls, limited: limitConcurrency(source, maxCalls) };
};

describe('calls of one account', () => {
  it('wait for each other before they begin, in their order', async () => {
    const { clock, calls, limited } = open(4);
    const all = Array.from({ length: 5 }, () => limited(requestOf(), forever));
    await clock.settle();
    expect(calls).toHaveLength(2);
    calls[0]?.();
    await all[0];
    await clock.settle();
    expect(calls).toHaveLength(3);
    for (let index = 1; index < 5; index++) {
      calls[index]?.();
      await all[index];
      await clock.settle();
    }
    await expect(Promise.all(all)).resolves.toHaveLength(5);
  });

  it('do not wait for those of another account', async () => {
    const { clock, calls, limited } = open(2);
    void limited(requestOf(), forever);
    void limited(requestOf({ account: 'other' }), forever);
    await clock.settle();
    expect(calls).toHaveLength(2);
  });

  it('of another caller do not wait for them, and lines take turns', async () => {
    const { clock, calls, limited } = open(4);
    const asked = (name: string) => limited(requestOf({ caller: { name, proof: 'accessKey' } }), forever);
    const order: string[] = [];
    const ask = (name: string) => asked(name).then(() => order.push(name));
    for (const name of ['one', 'one', 'one', 'one', 'two', 'two', 'three', 'three']) void ask(name);
    await clock.settle();
    // Two of the first, as nobody else has any; then one of each.
    expect(calls).toHaveLength(4);
    for (let index = 0; index < 8; index++) {
      calls[index]?.();
      await clock.settle();
    }
    expect(order).toHaveLength(8);
    expect(order.slice(0, 4)).toEqual(['one', 'one', 'two', 'three']);
  });

  it('are given up at the deadline, and leave their place to the next', async () => {
    const { clock, calls, limited } = open(2);
    const first = limited(requestOf(), forever);
    const over = new AbortController();
    const late = limited(requestOf(), { signal: over.signal });
    const next = limited(requestOf(), forever);
    over.abort();
    await expect(late).rejects.toMatchObject(new StsError('Throttled', 'Too many calls to the cloud are under way.'));
    calls[0]?.();
    await first;
    await clock.settle();
    calls[1]?.();
    await expect(next).resolves.toBeDefined();
  });
});
