import { describe, expect, it } from 'vitest';
import { unlimitedAuditLog } from '../../lib/core/audit.ts';
import { StsError } from '../../lib/core/errors.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { virtualClock } from '../support/clock.ts';
import { hour, leaseOf, minute, open, role, served } from '../support/leases.ts';
import { credentialsOf } from '../support/requests.ts';
import { downStore } from '../support/store-wrappers.ts';

const refused = new StsError('CloudUnavailable');

describe('a run', () => {
  it('mints for a lease without credentials, by a grant, and records it', async () => {
    const instance = open();

    expect(await instance.run()).toEqual({ refreshed: 1, failed: 0, skipped: 0, pending: 0 });
    expect(await served(instance)).toBe('ASIA1');
    expect(instance.minted[0]).toMatchObject({
      operation: 'AssumeRole',
      account: 'aws',
      grant: 'keeping',
      sessionName: 'demo',
      durationSeconds: 3600,
      dialect: 'lease',
    });
    expect(instance.records).toMatchObject([
      {
        dialect: 'lease',
        outcome: 'Done',
        caller: 'leases',
        proof: 'lease',
        lease: 'demo',
        operation: 'AssumeRole',
        grant: 'keeping',
        account: 'aws',
        accessKeyId: 'ASIA1',
      },
    ]);
  });

  it('does nothing for fresh credentials, and mints again at two thirds of their life, give or take a twentieth', async () => {
    const instance = open();
    await instance.run();
    await instance.clock.pass(0.61 * hour);
    expect(await instance.run()).toEqual({ refreshed: 0, failed: 0, skipped: 0, pending: 0 });
    await instance.clock.pass(0.11 * hour);
    expect(await instance.run()).toMatchObject({ refreshed: 1 });
    expect(await served(instance)).toBe('ASIA2');
  });

  it('mints nothing that no grant allows, and reports it at once, since waiting will not help', async () => {
    const instance = open({ grants: [] });

    expect(await instance.run()).toMatchObject({ refreshed: 0, failed: 1 });
    expect(instance.minted).toEqual([]);
    expect(instance.records).toMatchObject([
      { outcome: 'AccessDenied', reason: 'NoGrant' },
      { operation: 'ReportFailing' },
    ]);
    expect(instance.events).toMatchObject([{ type: 'credmint.lease.failing', data: { code: 'AccessDenied' } }]);
  });

  it('leaves no gap if the cloud gives little more than a minute, whatever was asked', async () => {
    const instance = open({ life: 90 });
    await instance.run();
    for (let passed = 0; passed < 600; passed += 5) {
      if (passed > 0 && passed % 60 === 0) await instance.run();
      expect(await served(instance)).toMatch(/^ASIA/);
      await instance.clock.pass(5_000);
    }
    expect(instance.events).toEqual([]);
  });

  it('says so if the cloud gives less than a minute, as no run can close the gap', async () => {
    const instance = open({ life: 50 });
    await instance.run();
    await instance.clock.pass(60_000);
    await instance.run();
    expect(instance.events.map(({ type }) => type)).toContain('credmint.lease.failing');
  });

  it('serves nothing that is over by the monotonic clock, if the wall clock was set back', async () => {
    const instance = open({ life: 900 });
    await instance.run();
    expect(await served(instance)).toBe('ASIA1');
    instance.clock.jump(-3_600_000);
    await instance.clock.pass(899_000);
    expect(await served(instance)).toBe('ASIA1');
    await instance.clock.pass(1_000);
    expect(await served(instance)).toBeUndefined();
  });

  it.each([10, 30, 55])(
    'leaves no gap if the wall clock is set back an hour %i minutes after the mint',
    async (after) => {
      const instance = open();
      for (let passed = 0; passed < 180; passed++) {
        if (passed === after) instance.clock.jump(-hour);
        await instance.run();
        expect(await served(instance), `after ${passed} minutes`).toMatch(/^ASIA/);
        await instance.clock.pass(minute);
      }
      expect(instance.events).toEqual([]);
      expect(instance.minted.length).toBeLessThanOrEqual(6);
    },
  );

  it('mints at once what was minted in the future, as its age cannot be told by another process', async () => {
    const instance = open();
    await instance.run();
    instance.clock.jump(-hour);
    const other = open({ clock: instance.clock, store: instance.store });
    expect(await other.run()).toMatchObject({ refreshed: 1 });
  });

  it('is decided by the lease that it is for', async () => {
    const grant = {
      name: 'one',
      callers: ['leases'],
      account: 'aws',
      operations: ['AssumeRole'],
      roles: ['**'],
      claims: { sub: 'one' },
    };
    const instance = open({ grants: [grant], leases: { one: leaseOf(), other: leaseOf() } });

    expect(await instance.run()).toMatchObject({ refreshed: 1, failed: 1 });
    expect([await served(instance, 'one'), await served(instance, 'other')]).toEqual(['ASIA1', undefined]);
  });

  it('gives out nothing that could not be recorded', async () => {
    const instance = open();
    instance.audit = unlimitedAuditLog(() => Promise.reject(new Error('The disk is full.')));

    expect(await instance.run()).toMatchObject({ refreshed: 0, failed: 1 });
    expect(await served(instance)).toBeUndefined();
  });

  it('mints at once if the configuration has changed what a lease asks for', async () => {
    const store = memoryStore(() => clock.now());
    const clock = virtualClock();
    await open({ clock, store }).run();
    const instance = open({ clock, store, leases: { demo: leaseOf({ role: `${role}-2` }) } });
    instance.mint = async () => credentialsOf(7, clock.now());
    expect(await instance.run()).toMatchObject({ refreshed: 1 });
    expect(await served(instance)).toBe('ASIA7');
  });

  it('rejects if the store is down', async () => {
    await expect(open({ store: downStore }).run()).rejects.toMatchObject({ code: 'CloudUnavailable' });
  });
});

describe('overlapping runs', () => {
  it('never mint one lease twice', async () => {
    const clock = virtualClock();
    const store = memoryStore(clock.now);
    const leases = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`lease-${index}`, leaseOf()]));
    const instances = Array.from({ length: 4 }, () => open({ clock, store, leases }));
    const runs = Promise.all(instances.flatMap((instance) => [instance.run(), instance.run()]));
    await clock.settle();
    const summaries = await runs;

    const asked = instances.flatMap(({ minted }) =>
      minted.map((request) => 'sessionName' in request && request.sessionName),
    );
    expect(asked).toHaveLength(50);
    expect(new Set(asked).size).toBe(50);
    expect(summaries.reduce((all, { refreshed }) => all + refreshed, 0)).toBe(50);
  });

  it('leave a lease to a suspended instance until the end of its run, and then take it over', async () => {
    // The store goes by the real clock; that of the suspended instance stands still.
    const clock = virtualClock();
    const store = memoryStore(clock.now);
    const frozen = open({ store });
    frozen.mint = () => new Promise(() => undefined);
    void frozen.run();
    await frozen.clock.settle();
    expect(frozen.minted).toHaveLength(1);

    const other = open({ clock, store });
    expect(await other.run()).toMatchObject({ refreshed: 0, skipped: 1 });
    await clock.pass(minute);
    expect(await other.run()).toMatchObject({ refreshed: 1 });
  });
});

describe('a lease that fails', () => {
  it('is served to its end, retried, and reported before it ends', async () => {
    const instance = open();
    await instance.run();
    const began = instance.clock.now().getTime();
    instance.mint = () => Promise.reject(refused);
    let toldAt: number | undefined;
    for (let passed = 0; passed < hour - minute; passed += minute) {
      await instance.clock.pass(minute);
      await instance.run();
      if (instance.events.length > 0) toldAt ??= instance.clock.now().getTime();
      expect(await served(instance)).toBe('ASIA1');
    }

    expect(toldAt).toBeLessThan(began + hour - 5 * minute);
    expect(instance.events).toMatchObject([{ type: 'credmint.lease.failing', lease: 'demo' }]);
    expect(instance.minted.length).toBeGreaterThan(5);
    expect(instance.minted.length).toBeLessThan(21);
    expect(instance.records.filter(({ outcome }) => outcome === 'CloudUnavailable')).toHaveLength(
      instance.minted.length - 1,
    );
    await instance.clock.pass(minute);
    expect(await served(instance)).toBeUndefined();
  });

  it('is reported in time, however short its life', async () => {
    const instance = open({ life: 900, leases: { demo: leaseOf({ durationSeconds: 900 }) } });
    await instance.run();
    instance.mint = () => Promise.reject(refused);
    await instance.live(14 * minute);
    expect(instance.events).toHaveLength(1);
    expect(await served(instance)).toBe('ASIA1');
  });

  it('is reported if the quota never has room for it, which counts as no failure of the lease', async () => {
    const instance = open();
    await instance.run();
    instance.mint = () => Promise.reject(new StsError('Throttled'));
    await instance.live(54 * minute);
    expect(instance.events).toEqual([]);
    await instance.live(5 * minute);
    expect(instance.events).toMatchObject([{ type: 'credmint.lease.failing', data: { failures: 0 } }]);
  });

  it('is reported until a report arrives, and again when it has recovered', async () => {
    const instance = open({ grants: [] });
    instance.notify = () => Promise.reject(refused);
    await instance.run();
    await instance.clock.pass(minute);
    await instance.run();
    expect(instance.events).toEqual([]);
    instance.notify = async () => undefined;
    await instance.live(30 * minute);
    expect(instance.events).toHaveLength(1);

    const mended = open({ clock: instance.clock, store: instance.store });
    await mended.live(30 * minute);
    expect(mended.events).toMatchObject([{ type: 'credmint.lease.recovered' }]);
    expect(await served(mended)).toBe('ASIA1');
  });

  it('tells readers meanwhile when to come back', async () => {
    const instance = open();
    expect(await instance.reader.read('demo', instance.clock.now())).toEqual({ kind: 'awaited', seconds: 5 });
    instance.mint = () => Promise.reject(refused);
    await instance.run();
    expect(await instance.reader.read('demo', instance.clock.now())).toEqual({ kind: 'awaited', seconds: 60 });
    await expect(instance.reader.read('stranger', instance.clock.now())).rejects.toMatchObject({
      code: 'LeaseNotFound',
    });
  });
});

describe('a thousand leases', () => {
  const leases = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`lease-${index}`, leaseOf()]));

  it('are minted in one run, a few at a time', async () => {
    const instance = open({ leases });
    let underWay = 0;
    let most = 0;
    const { mint } = instance;
    instance.mint = async (request) => {
      most = Math.max(most, ++underWay);
      await instance.clock.sleep(20);
      underWay--;
      return mint(request);
    };
    const run = instance.run();
    await instance.clock.pass(5_000);

    expect(await run).toEqual({ refreshed: 1000, failed: 0, skipped: 0, pending: 0 });
    expect(most).toBeLessThanOrEqual(32);
  });

  it('are not due together afterwards, and each is due at the same share of its life again', async () => {
    const instance = open({ leases });
    await instance.run();
    const perRun: number[] = [];
    for (let passed = 0; passed < hour; passed += minute) {
      perRun.push((await instance.run()).refreshed);
      await instance.clock.pass(minute);
    }

    expect(Math.max(...perRun)).toBeLessThan(250);
    expect(perRun.reduce((all, count) => all + count, 0)).toBe(1000);
    expect(perRun.filter((count) => count > 0).length).toBeGreaterThan(5);
  });

  it('are left for the next run if this one has no time, and none of them has failed', async () => {
    const instance = open({ leases });
    const over = new AbortController();
    const { mint } = instance;
    instance.mint = async (request) => {
      if (instance.minted.length === 100) over.abort();
      if (over.signal.aborted) throw refused;
      return mint(request);
    };

    const first = await instance.run(over.signal);
    expect(first).toMatchObject({ failed: 0, refreshed: 99, skipped: 901 });
    instance.mint = mint;
    expect(await instance.run()).toMatchObject({ refreshed: 901 });
    expect(instance.events).toEqual([]);
  });

  it('are attended to in the order in which they end', async () => {
    const few = Object.fromEntries(Object.entries(leases).slice(0, 20));
    const instance = open({ leases: few });
    const names = () => instance.minted.map((request) => request.operation === 'AssumeRole' && request.sessionName);
    instance.mint = async () => credentialsOf(0, instance.clock.now(), 3600 - instance.minted.length);
    await instance.run();
    const first = names();
    instance.minted.length = 0;
    await instance.clock.pass(0.8 * hour);
    await instance.run();
    expect(names()).toEqual(first.reverse());
  });
});
