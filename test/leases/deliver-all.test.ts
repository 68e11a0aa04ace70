import { describe, expect, it } from 'vitest';
import { unlimitedAuditLog } from '../../lib/core/audit.ts';
import { StsError } from '../../lib/core/errors.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { virtualClock } from '../support/clock.ts';
import { hour, leaseOf, minute, open, served } from '../support/leases.ts';

const targets = (...paths: readonly string[]) => ({
  demo: leaseOf({ deliver: paths.map((path) => ({ kind: 'file', path })) }),
});
const unreachable = new StsError('CloudUnavailable');

/** A delivery that fails at one target. */
const failingAt =
  (path: string, error = unreachable) =>
  async (settings: object): Promise<void> => {
    if ('path' in settings && settings.path === path) throw error;
  };

describe('delivering a lease', () => {
  it('brings the credentials to every target, once, with a record of each', async () => {
    const instance = open({ leases: targets('/a', '/b') });

    expect(await instance.run()).toEqual({ refreshed: 1, failed: 0, skipped: 0, pending: 0 });
    await instance.run();
    expect(instance.deliveries.map(({ path }) => path)).toEqual(['/a', '/b']);
    expect(instance.records.slice(1)).toMatchObject([
      { operation: 'DeliverLease', outcome: 'Done', lease: 'demo', delivery: 'file /a', accessKeyId: 'ASIA1' },
      { operation: 'DeliverLease', outcome: 'Done', lease: 'demo', delivery: 'file /b', accessKeyId: 'ASIA1' },
    ]);
  });

  it('retries a target that refused in the next run, and does not mint again', async () => {
    const instance = open({ leases: targets('/a', '/b') });
    instance.deliver = failingAt('/a');

    expect(await instance.run()).toEqual({ refreshed: 1, failed: 0, skipped: 0, pending: 1 });
    expect(await served(instance)).toBe('ASIA1');
    await instance.clock.pass(minute);
    instance.deliver = async () => undefined;
    expect(await instance.run()).toEqual({ refreshed: 0, failed: 0, skipped: 0, pending: 0 });
    expect(instance.minted).toHaveLength(1);
    expect(instance.deliveries.map(({ path }) => path)).toEqual(['/a', '/b', '/a']);
    // The same version, by which the target can tell that it has it.
    expect(new Set(instance.deliveries.map(({ version }) => version)).size).toBe(1);
    expect(instance.records.filter(({ operation }) => operation === 'DeliverLease')).toMatchObject([
      { delivery: 'file /a', outcome: 'CloudUnavailable' },
      { delivery: 'file /b', outcome: 'Done' },
      { delivery: 'file /a', outcome: 'Done' },
    ]);
  });

  it('reports a target that keeps refusing while the credentials that it has are still valid', async () => {
    const instance = open({ leases: targets('/a') });
    await instance.run();
    instance.deliver = failingAt('/a');
    await instance.live(hour - minute);
    expect(instance.events).toMatchObject([{ type: 'credmint.lease.failing', data: { code: 'CloudUnavailable' } }]);
    expect(instance.minted).toHaveLength(2);
  });

  it('reports at once a target that refuses for good', async () => {
    const instance = open({ leases: targets('/a') });
    instance.deliver = failingAt('/a', new StsError('CloudRefused'));
    await instance.run();
    expect(instance.events).toHaveLength(1);
  });

  it('gives up on a target that does not answer, and does not delay another', async () => {
    const instance = open({ leases: targets('/a', '/b') });
    instance.deliver = (settings) =>
      'path' in settings && settings.path === '/a' ? new Promise(() => undefined) : Promise.resolve();
    const run = instance.run();
    await instance.clock.pass(11_000);
    expect(await run).toEqual({ refreshed: 1, failed: 0, skipped: 0, pending: 1 });
  });

  it('delivers what was minted by a run that died before the delivery', async () => {
    // The store goes by the real clock; that of the dead instance stands still, as in a suspended function.
    const clock = virtualClock();
    const store = memoryStore(clock.now);
    const still = virtualClock();
    let isResumed = false;
    const dead = open({
      clock: { ...still, now: () => (isResumed ? clock.now() : still.now()) },
      store,
      leases: targets('/a'),
    });
    let arrive: () => void = () => undefined;
    dead.deliver = () =>
      new Promise((resolve) => {
        arrive = resolve;
      });
    void dead.run();
    await dead.clock.settle();
    expect([dead.minted.length, dead.deliveries.length]).toEqual([1, 1]);

    const other = open({ clock, store, leases: targets('/a') });
    expect(await other.run()).toMatchObject({ skipped: 1 });
    await clock.pass(minute);
    expect(await other.run()).toEqual({ refreshed: 0, failed: 0, skipped: 0, pending: 0 });
    expect(other.minted).toEqual([]);
    expect(other.deliveries).toMatchObject([{ path: '/a', accessKeyId: 'ASIA1' }]);

    // When it resumes, its claim is over, so it does not overwrite the newer state.
    const state = await store.get('lease demo');
    isResumed = true;
    arrive();
    await still.settle();
    expect(await store.get('lease demo')).toBe(state);
  });

  it('delivers to a target that was added to the configuration, and forgets one that was removed', async () => {
    const clock = virtualClock();
    const first = open({ clock, leases: targets('/a') });
    await first.run();
    const second = open({ clock, store: first.store, leases: targets('/b') });
    expect(await second.run()).toEqual({ refreshed: 0, failed: 0, skipped: 0, pending: 0 });
    expect(second.deliveries).toMatchObject([{ path: '/b', accessKeyId: 'ASIA1' }]);
    const third = open({ clock, store: first.store, leases: targets('/a', '/b') });
    await third.run();
    expect(third.deliveries).toMatchObject([{ path: '/a', accessKeyId: 'ASIA1' }]);
  });

  it('delivers again if the delivery could not be recorded', async () => {
    const instance = open({ leases: targets('/a') });
    const { audit } = instance;
    instance.audit = unlimitedAuditLog((record) =>
      record.operation === 'DeliverLease' ? Promise.reject(new Error('The disk is full.')) : audit(record),
    );
    expect(await instance.run()).toMatchObject({ refreshed: 1, pending: 1 });
  });
});
