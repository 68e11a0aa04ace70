import { describe, expect, it } from 'vitest';
import type { Store } from '../../lib/core/store.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { named, openInstances, outcome } from '../support/mint/instances.ts';
import { downStore, storeOf } from '../support/store-wrappers.ts';

describe('a cloud that is down for ten minutes', () => {
  it('is not felt by who has credentials; others are told at once; and it is not overrun when it is back', async () => {
    const all = openInstances({ ceiling: () => 50 });
    const { clock, cloud } = all;
    const names = Array.from({ length: 40 }, (_, index) => `job-${index}`);
    const askAll = async (which: readonly string[], milliseconds = 3_000) => {
      const asking = Promise.all(which.map((name) => outcome(all, named(name))));
      await clock.pass(milliseconds);
      return asking;
    };
    await askAll(names);
    expect(cloud.calls).toBe(40);
    // Into the time in which everything kept would be refreshed.
    await clock.pass(45 * 60_000 - 3_000);
    cloud.down = true;
    cloud.calls = 0;
    const began = clock.now().getTime();
    for (let minute = 0; minute < 9; minute++) {
      const kept = await askAll(names);
      expect(kept.every(({ key }) => key !== undefined)).toBe(true);
      const asked = clock.now().getTime();
      const fresh = await askAll([`new-${minute}`, `other-${minute}`]);
      for (const { code, at } of fresh) {
        expect(code).toBe('CloudUnavailable');
        expect(at - asked).toBeLessThan(2_500);
      }
      await clock.pass(54_000);
    }
    await clock.pass(began + 600_000 - clock.now().getTime());
    // Ten minutes, hundreds of requests: a probe now and then is all that the cloud heard.
    expect(cloud.calls).toBeLessThan(60);
    cloud.down = false;
    cloud.perSecond.clear();
    // The longest rest of the breaker, within which a probe finds it well.
    await askAll(['probe']);
    await clock.pass(30_000);
    const crowd = [...names, ...Array.from({ length: 200 }, (_, index) => `late-${index}`)];
    const recovered = await askAll(crowd, 12_000);
    expect(recovered.every(({ key }) => key !== undefined)).toBe(true);
    expect(Math.max(...cloud.perSecond.values())).toBeLessThanOrEqual(50);
    const later = await askAll(Array.from({ length: 30 }, (_, index) => `later-${index}`));
    expect(later.every(({ key }) => key !== undefined)).toBe(true);
  });
});

/** A store that can fail in its ways. */
const failing =
  (mode: { kind: 'well' | 'down' | 'slow' | 'full' | 'forgetful' }) =>
  (clock: ReturnType<typeof openInstances>['clock']): Store => {
    const memory = memoryStore(clock.now, 1_000_000);
    const { put, lock, putAndUnlock, acquire, consume } = downStore;
    const full = { ...memory, put, lock, putAndUnlock, acquire, consume };
    return storeOf(async () => {
      // As slow as a store may be before it is cut off.
      if (mode.kind === 'slow') await clock.sleep(450);
      if (mode.kind === 'forgetful') return memoryStore(clock.now);
      return { well: memory, slow: memory, full, down: downStore }[mode.kind];
    });
  };

describe.each(['down', 'slow', 'full', 'forgetful'] as const)('a shared store that is %s', (kind) => {
  it('costs calls, and no caller its credentials; nobody has another’s', async () => {
    const mode = { kind };
    const all = openInstances({ instances: 3, ceiling: () => 600, store: failing(mode) });
    const { clock, cloud } = all;
    const asked = Array.from({ length: 30 }, (_, index) => ({
      name: `job-${index % 5}`,
      caller: `c${index % 2}`,
      instance: index % 3,
    }));
    const asking = Promise.all(
      asked.map(({ name, caller, instance }) => outcome(all, named(name, caller), { instance })),
    );
    await clock.pass(10_000);
    for (const [index, { key }] of (await asking).entries()) {
      const { name, caller } = asked[index] as (typeof asked)[number];
      expect(key).toMatch(new RegExp(`^${caller} ${name} \\d+$`));
    }
    // Each of the three instances once for each of the ten questions, and no more.
    expect(cloud.calls).toBeLessThanOrEqual(30);
    if (kind === 'slow') expect(cloud.calls).toBe(10);
    expect(cloud.mostInFlight).toBeLessThanOrEqual(3);
  });
});

it('a store that goes down while others wait for its news is not waited for', async () => {
  const mode: { kind: 'well' | 'down' } = { kind: 'well' };
  const all = openInstances({ instances: 2, store: failing(mode) });
  const { clock, cloud } = all;
  cloud.milliseconds = 3_000;
  const first = outcome(all, named('job'), { instance: 0 });
  await clock.pass(100);
  const second = outcome(all, named('job'), { instance: 1 });
  await clock.pass(100);
  mode.kind = 'down';
  cloud.milliseconds = 50;
  await clock.pass(6_000);
  expect((await first).key).toBe('ci job 1');
  expect((await second).key).toBe('ci job 2');
});

describe('a quota that is shared', () => {
  it('is never passed by more than one slice, whatever is asked where', async () => {
    const all = openInstances({ instances: 4, ceiling: () => 100 });
    const { clock, cloud } = all;
    const asking = Promise.all(
      Array.from({ length: 600 }, (_, index) => outcome(all, named(`job-${index}`), { instance: index % 4 })),
    );
    await clock.pass(12_000);
    expect((await asking).every(({ key }) => key !== undefined)).toBe(true);
    // A slice is a twentieth.
    expect(Math.max(...cloud.perSecond.values())).toBeLessThanOrEqual(105);
  });
});
