import { describe, expect, it } from 'vitest';
import { leaseGauges, storeMetrics, trailMetrics } from '../../lib/telemetry/state-metrics.ts';
import { open } from '../support/leases.ts';

const valuesOf = (metrics: readonly { readonly name: string }[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(metrics.map((metric) => [metric.name, 'value' in metric ? metric.value : undefined]));

const status = {
  name: 'demo',
  account: 'aws',
  state: 'missing',
  failures: 0,
  deliveryFailures: 0,
  pendingDeliveries: 0,
} as const;

const configured = new Map([['demo', undefined]]);

describe('the figures of what stands behind a process', () => {
  it('say how the audit trail is doing', () => {
    expect(valuesOf(trailMetrics({ waiting: 3, stalledMs: 1_500, takesRecords: false }))).toEqual({
      credmint_audit_waiting_records: 3,
      credmint_audit_stalled_seconds: 1.5,
      credmint_audit_up: 0,
    });
  });

  it('say whether the store answers', () => {
    expect(valuesOf(storeMetrics(true))).toEqual({ credmint_store_up: 0 });
    expect(valuesOf(storeMetrics(false))).toEqual({ credmint_store_up: 1 });
  });

  it('say how old a lease is, when it ends, when it is refreshed next, and how often that failed', () => {
    const now = new Date('2026-11-22T12:00:00Z');
    const gauges = leaseGauges();
    const since = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
    const times = { mintedAt: since(-300), expiration: since(600), nextRefresh: since(60) };
    gauges.observe({ ...status, ...times, state: 'failing', failures: 2 }, now);
    expect(valuesOf(gauges.metrics(now, configured))).toEqual({
      credmint_lease_age_seconds: 300,
      credmint_lease_expires_in_seconds: 600,
      credmint_lease_next_refresh_seconds: 60,
      credmint_lease_failures: 2,
      credmint_lease_delivery_failures: 0,
    });
    expect(gauges.metrics(now, configured).every(({ labels }) => labels['lease'] === 'demo')).toBe(true);
  });

  it('forget a lease that the configuration no longer has', () => {
    const gauges = leaseGauges();
    const now = new Date('2026-11-22T12:00:00Z');
    gauges.observe(status, now);
    expect(gauges.metrics(now, new Map())).toEqual([]);
    expect(gauges.metrics(now, configured)).toEqual([]);
  });

  it('are observed at each run', async () => {
    const gauges = leaseGauges();
    const instance = open({ observe: gauges.observe });
    await instance.run();
    const seen = valuesOf(gauges.metrics(instance.clock.now(), configured));
    expect(seen).toMatchObject({ credmint_lease_age_seconds: 0, credmint_lease_expires_in_seconds: 3600 });
    expect(seen['credmint_lease_next_refresh_seconds']).toBeGreaterThan(2_000);
    instance.mint = () => Promise.reject(new Error('no'));
    await instance.clock.pass(2_700_000);
    await instance.run();
    expect(valuesOf(gauges.metrics(instance.clock.now(), configured))).toMatchObject({ credmint_lease_failures: 1 });
  });
});
