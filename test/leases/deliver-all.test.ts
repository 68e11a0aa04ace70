import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { virtualClock } from '../support/clock.ts';
import { hour, leaseOf, minute, open, served } from '../support/leases.ts';

const places = (...paths: readonly string[]) => ({
  demo: leaseOf({ deliver: paths.map((path) => ({ kind: 'file', path })) }),
});
const unreachable = new StsError('CloudUnavailable');

/** A delivery that fails at one place. */
const failingAt =
  (path: string, error = unreachable) =>
  async (settings: object): Promise<void> => {
    if ('path' in settings && settings.path === path) throw error;
  };

describe('handing over', () => {
  it('takes what was minted to every place, once, and writes each down', async () => {
    const instance = open({ leases: places('/a', '/b') });

    expect(await instance.run()).toEqual({ refreshed: 1, failed: 0, skipped: 0, pending: 0 });
    await instance.run();
    expect(instance.deliveries.map(({ path }) => path)).toEqual(['/a', '/b']);
    expect(instance.records.slice(1)).toMatchObject([
      { operation: 'DeliverLease', outcome: 'Done', lease: 'demo', delivery: 'file /a', accessKeyId: 'ASIA1' },
      { operation: 'DeliverLease', outcome: 'Done', lease: 'demo', delivery: 'file /b', accessKeyId: 'ASIA1' },
    ]);
  });

  it('keeps what one place did not take for the next run, and mints nothing anew', async () => {
    const instance = open({ leases: places('/a', '/b') });
    instance.deliver = failingAt('/a');

    expect(await instance.run()).toEqual({ refreshed: 1, failed: 0, skipped: 0, pending: 1 });
    expect(await served(instance)).toBe('ASIA1');
    await instance.clock.pass(minute);
    instance.deliver = async () => undefined;
    expect(await instance.run()).toEqual({ refreshed: 0, failed: 0, skipped: 0, pending: 0 });
    expect(instance.minted).toHaveLength(1);
    expect(instance.deliveries.map(({ path }) => path)).toEqual(['/a', '/b', '/a']);
    // The same parcel, so that the place may know that it has it.
    expect(new Set(instance.deliveries.map(({ version }) => version)).size).toBe(1);
    expect(instance.records.filter(({ operation }) => operation === 'DeliverLease')).toMatchObject([
      { delivery: 'file /a', outcome: 'CloudUnavailable' },
      { delivery: 'file /b', outcome: 'Done' },
      { delivery: 'file /a', outcome: 'Done' },
    ]);
  });

  it('tells of a place that does not take them, while those that it has still count', async () => {
    const instance = open({ leases: places('/a') });
    await instance.run();
    instance.deliver = failingAt('/a');
    await instance.live(hour - minute);
    expect(instance.events).toMatchObject([{ type: 'credmint.lease.failing', data: { code: 'CloudUnavailable' } }]);
    expect(instance.minted).toHaveLength(2);
  });

  it('tells at once of a place that will not', async () => {
    const instance = open({ leases: places('/a') });
    instance.deliver = failingAt('/a', new StsError('CloudRefused'));
    await instance.run();
    expect(instance.events).toHaveLength(1);
  });

  it('gives up on a place that does not answer, and keeps no other waiting', async () => {
    const instance = open({ leases: places('/a', '/b') });
    instance.deliver = (settings) =>
      'path' in settings && settings.path === '/a' ? new Promise(() => undefined) : Promise.resolve();
    const run = instance.run();
    await instance.clock.pass(11_000);
    expect(await run).toEqual({ refreshed: 1, failed: 0, skipped: 0, pending: 1 });
  });

  it('goes on after a run that died between the mint and the delivery, with what it had minted', async () => {
    // The store goes by the true clock; that of the dead instance stands still, as in a function that was frozen.
    const clock = virtualClock();
    const store = memoryStore(clock.now);
    const still = virtualClock();
    let thawed = false;
    const dead = open({
      clock: { ...still, now: () => (thawed ? clock.now() : still.now()) },
      store,
      leases: places('/a'),
    });
    let arrive: () => void = () => undefined;
    dead.deliver = () =>
      new Promise((resolve) => {
        arrive = resolve;
      });
    void dead.run();
    await dead.clock.settle();
    expect([dead.minted.length, dead.deliveries.length]).toEqual([1, 1]);

    const other = open({ clock, store, leases: places('/a') });
    expect(await other.run()).toMatchObject({ skipped: 1 });
    await clock.pass(minute);
    expect(await other.run()).toEqual({ refreshed: 0, failed: 0, skipped: 0, pending: 0 });
    expect(other.minted).toEqual([]);
    expect(other.deliveries).toMatchObject([{ path: '/a', accessKeyId: 'ASIA1' }]);

    // Thawed, it finds that its time is over, and writes nothing down that others know better.
    const state = await store.get('lease demo');
    thawed = true;
    arrive();
    await still.settle();
    expect(await store.get('lease demo')).toBe(state);
  });

  it('takes them to a place that the configuration has had only since, and forgets one that it has no more', async () => {
    const clock = virtualClock();
    const first = open({ clock, leases: places('/a') });
    await first.run();
    const second = open({ clock, store: first.store, leases: places('/b') });
    expect(await second.run()).toEqual({ refreshed: 0, failed: 0, skipped: 0, pending: 0 });
    expect(second.deliveries).toMatchObject([{ path: '/b', accessKeyId: 'ASIA1' }]);
    const third = open({ clock, store: first.store, leases: places('/a', '/b') });
    await third.run();
    expect(third.deliveries).toMatchObject([{ path: '/a', accessKeyId: 'ASIA1' }]);
  });

  it('takes them there again where that they arrived could not be written down', async () => {
    const instance = open({ leases: places('/a') });
    const { audit } = instance;
    instance.audit = (record) =>
      record.operation === 'DeliverLease' ? Promise.reject(new Error('The disk is full.')) : audit(record);
    expect(await instance.run()).toMatchObject({ refreshed: 1, pending: 1 });
  });
});
