import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import type { Store } from '../../lib/core/store.ts';
import { instanceShare } from '../../lib/mint/instance-share.ts';
import { quota } from '../../lib/mint/quota.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { type VirtualClock, virtualClock } from '../support/clock.ts';
import { credentialsOf, forever, requestOf } from '../support/requests.ts';
import { downStore } from '../support/store-wrappers.ts';

/** A cloud that notes the second of each call. */
const cloudOf = (clock: VirtualClock) => {
  const calls: { second: number; caller: string }[] = [];
  const state = { throttling: false };
  return {
    calls,
    state,
    source: async (request: ReturnType<typeof requestOf>) => {
      calls.push({ second: Math.floor(clock.now().getTime() / 1000), caller: request.caller.name });
      if (state.throttling) throw new StsError('Throttled', undefined, { upstream: { status: 429 } });
      return credentialsOf(1, clock.now());
    },
  };
};

const perSecond = (calls: readonly { second: number }[]): number[] => {
  const counts = new Map<number, number>();
  for (const { second } of calls) counts.set(second, (counts.get(second) ?? 0) + 1);
  return [...counts.values()];
};

const by = (name: string) => requestOf({ caller: { name, proof: 'accessKey' } });

describe('the quota', () => {
  it('makes no more calls in a second than the cloud takes', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const counted = quota(() => 100, memoryStore(clock.now), clock).counted(cloud.source, 'demand');
    const all = Promise.all(Array.from({ length: 500 }, () => counted(requestOf(), forever)));
    await clock.pass(10_000);
    await all;
    expect(cloud.calls).toHaveLength(500);
    expect(Math.max(...perSecond(cloud.calls))).toBeLessThanOrEqual(100);
  });

  it('holds for many instances that share a store', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const store = memoryStore(clock.now);
    const instances = Array.from({ length: 4 }, () => quota(() => 100, store, clock).counted(cloud.source, 'demand'));
    const all = Promise.all(
      instances.flatMap((counted) => Array.from({ length: 100 }, () => counted(requestOf(), forever))),
    );
    await clock.pass(10_000);
    await all;
    expect(cloud.calls).toHaveLength(400);
    expect(Math.max(...perSecond(cloud.calls))).toBeLessThanOrEqual(100);
  });

  it('asks the store for slices, not for every call', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const memory = memoryStore(clock.now);
    let trips = 0;
    const store: Store = {
      ...memory,
      consume: (...all) => {
        trips++;
        return memory.consume(...all);
      },
    };
    const counted = quota(() => 1000, store, clock).counted(cloud.source, 'demand');
    const all = Promise.all(Array.from({ length: 800 }, () => counted(requestOf(), forever)));
    await clock.pass(1_000);
    await all;
    expect(trips).toBeLessThanOrEqual(21);
  });

  it('lets many instances that make one call each use all that the cloud takes', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const store = memoryStore(clock.now);
    const fleet = Array.from({ length: 80 }, () => quota(() => 100, store, clock).counted(cloud.source, 'demand'));
    const all = Promise.all(fleet.map((counted) => counted(requestOf(), forever)));
    await clock.pass(500);
    await all;
    expect(perSecond(cloud.calls)).toEqual([80]);
  });

  it('keeps the share of refreshes apart from that of callers that wait', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const counted = quota(() => 100, memoryStore(clock.now), clock);
    const refresh = counted.counted(cloud.source, 'refresh');
    const demand = counted.counted(cloud.source, 'demand');
    const refreshing = Promise.all(Array.from({ length: 60 }, () => refresh(requestOf(), forever)));
    await clock.settle();
    expect(cloud.calls).toHaveLength(20);
    const asking = demand(requestOf(), forever);
    await clock.settle();
    expect(cloud.calls).toHaveLength(21);
    await clock.pass(5_000);
    await Promise.all([refreshing, asking]);
  });

  it('lets callers take turns, so that a greedy one delays only itself', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const counted = quota(() => 10, memoryStore(clock.now), clock).counted(cloud.source, 'demand');
    const greedy = Array.from({ length: 60 }, () => counted(by('greedy'), forever));
    const modest = counted(by('modest'), forever);
    await clock.pass(1_500);
    await modest;
    expect(cloud.calls.findIndex(({ caller }) => caller === 'modest')).toBeLessThan(12);
    await clock.pass(20_000);
    await Promise.all(greedy);
  });

  it('refuses a caller that cannot wait, and says when to come back', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const counted = quota(() => 10, memoryStore(clock.now), clock).counted(cloud.source, 'demand');
    const deadline = new AbortController();
    const all = Array.from({ length: 20 }, () => counted(requestOf(), deadline));
    const told = Promise.allSettled(all);
    await clock.settle();
    deadline.abort();
    const refused = (await told).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(12);
    for (const error of refused) expect(error).toMatchObject({ code: 'Throttled', detail: { retryAfterSeconds: 1 } });
  });

  it('limits how many calls wait', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const counted = quota(() => 1, memoryStore(clock.now), clock).counted(cloud.source, 'demand');
    const told = Promise.allSettled(Array.from({ length: 100 }, () => counted(requestOf(), forever)));
    await clock.pass(60_000);
    const refused = (await told).filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(80);
  });

  it('slows down when the cloud throttles, and recovers', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const counted = quota(() => 100, memoryStore(clock.now), clock).counted(cloud.source, 'demand');
    cloud.state.throttling = true;
    await counted(requestOf(), forever).catch(() => undefined);
    cloud.state.throttling = false;
    await clock.pass(1_000);
    cloud.calls.length = 0;
    const all = Promise.all(Array.from({ length: 300 }, () => counted(requestOf(), forever)));
    await clock.pass(10_000);
    await all;
    const counts = perSecond(cloud.calls);
    expect(counts[0]).toBeLessThan(60);
    expect(Math.max(...counts)).toBeGreaterThan(counts[0] ?? 0);
  });

  it('holds a ceiling below one call a second', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    // A fifth of it is for refreshing: one call in five seconds is left.
    const counted = quota(() => 0.25, memoryStore(clock.now), clock).counted(cloud.source, 'demand');
    const all = Promise.all([by('a'), by('b')].map((request) => counted(request, forever)));
    await clock.pass(30_000);
    await all;
    const [first, second] = cloud.calls.map((call) => call.second);
    expect((second ?? 0) - (first ?? 0)).toBe(5);
  });

  it('holds such a ceiling while it recovers from a refusal of the cloud, too', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const counted = quota(() => 0.25, memoryStore(clock.now), clock).counted(cloud.source, 'demand');
    cloud.state.throttling = true;
    await counted(requestOf(), forever).catch(() => undefined);
    cloud.state.throttling = false;
    const all: Promise<unknown>[] = [];
    for (let times = 0; times < 40; times++) {
      all.push(counted(by(`caller-${times}`), forever));
      await clock.pass(100);
    }
    // Nine tenths of the period have not passed.
    expect(cloud.calls).toHaveLength(1);
    await clock.pass(300_000);
    await Promise.all(all);
  });

  it('does not take a refusal of its own for one of the cloud, and is not upset by a clock that goes back', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    cloud.state.throttling = true;
    const counted = quota(() => 100, memoryStore(clock.now), clock).counted(cloud.source, 'demand');
    await counted(requestOf(), forever).catch(() => undefined);
    cloud.state.throttling = false;
    clock.jump(-3_600_000);
    await clock.pass(10_000);
    cloud.calls.length = 0;
    const all = Promise.all(Array.from({ length: 80 }, () => counted(requestOf(), forever)));
    await clock.pass(3_000);
    await all;
    expect(cloud.calls).toHaveLength(80);
  });

  it('uses one slice a second if the store is down', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const counted = quota(() => 100, downStore, clock).counted(cloud.source, 'demand');
    const all = Promise.all(Array.from({ length: 12 }, () => counted(requestOf(), forever)));
    await clock.pass(10_000);
    await all;
    expect(Math.max(...perSecond(cloud.calls))).toBeLessThanOrEqual(5);
  });

  describe('with a store that goes down', () => {
    const open = (count: number, limit: number) => {
      const clock = virtualClock();
      const cloud = cloudOf(clock);
      const memory = memoryStore(clock.now);
      const state = { down: false };
      const unless = async <Answer>(ask: () => Promise<Answer>) => (state.down ? undefined : ask());
      const store: Store = {
        ...memory,
        acquire: (...all) => unless(() => memory.acquire(...all)),
        consume: (...all) => unless(() => memory.consume(...all)),
      };
      const sources = Array.from({ length: count }, () =>
        quota(() => limit, store, clock).counted(cloud.source, 'demand'),
      );
      const askAll = async (times: number, milliseconds: number) => {
        const all = sources.flatMap((source) => Array.from({ length: times }, () => source(requestOf(), forever)));
        await clock.pass(milliseconds);
        cloud.calls.splice(0, state.down ? 0 : cloud.calls.length);
        return all;
      };
      return { clock, cloud, state, askAll };
    };

    it('lets the instance that came first have three tenths of the ceiling', async () => {
      const { cloud, state, askAll } = open(1, 600);
      await askAll(1, 1_000);
      state.down = true;
      await askAll(1_000, 3_000);
      expect(new Set(perSecond(cloud.calls))).toEqual(new Set([144]));
    });

    it('never lets ten instances pass the ceiling together, however long it is down', async () => {
      const { cloud, state, askAll } = open(10, 100);
      await askAll(1, 1_000);
      state.down = true;
      await askAll(500, 300_000);
      const counts = perSecond(cloud.calls);
      expect(Math.max(...counts)).toBeLessThanOrEqual(80);
      // And they leave little of it unused.
      expect(counts[0]).toBeGreaterThan(65);
    });

    it('lets instances that lost their places to others while they asked nothing have no more than those', async () => {
      const clock = virtualClock();
      const memory = memoryStore(clock.now);
      const instances = Array.from({ length: 3 }, () => instanceShare(memory, clock));
      for (const instance of instances) {
        await clock.pass(130_000);
        instance.keep();
      }
      await clock.settle();
      // Each took the place that the one before had; the first takes another, and not that of the third.
      instances[0]?.keep();
      await clock.settle();
      expect(instances.map(({ share }) => share())).toEqual([0.05 + 0.125, 0.05, 0.05 + 0.25]);
      await clock.pass(600_000);
      expect(instances.map(({ share }) => share())).toEqual([0.05 + 0.125, 0.05, 0.05 + 0.25]);
    });

    it('keeps to ceilings of which a share is less than a call a second', async () => {
      const { cloud, state, askAll } = open(10, 1);
      await askAll(1, 15_000);
      state.down = true;
      await askAll(5, 100_000);
      expect(cloud.calls.length).toBeLessThanOrEqual(80);
    });
  });

  it('counts nothing if no limit is known', async () => {
    const clock = virtualClock();
    const cloud = cloudOf(clock);
    const counted = quota(() => undefined, memoryStore(clock.now), clock).counted(cloud.source, 'demand');
    await Promise.all(Array.from({ length: 1000 }, () => counted(requestOf(), forever)));
    expect(cloud.calls).toHaveLength(1000);
  });
});
