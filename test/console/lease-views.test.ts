import { expect, it } from 'vitest';
import { leaseViews } from '../../lib/console/lease-views.ts';
import type { Lease } from '../../lib/leases/lease.ts';
import { leaseOf, minute, open } from '../support/leases.ts';

const leaseNamed = (name: string): Lease => ({
  name,
  account: 'aws',
  request: { operation: 'AssumeRole', account: 'aws', role: 'arn:aws:iam::123456789012:role/demo', sessionName: 's' },
  deliveries: [],
});

it('says of a lease at every moment what `GET /leases` says, also long after it was seen', async () => {
  const views = leaseViews();
  const { clock, reader, run } = open({ observe: views.observe, leases: { demo: leaseOf() } });
  const leases = new Map([['demo', leaseNamed('demo')]]);
  const states = async () => {
    const now = clock.now();
    const [view] = views.list(leases, now);
    const [status] = await reader.statuses(['demo'], { signal: AbortSignal.timeout(10_000) }, now);
    expect(view?.state).toBe(status?.state);
    return view?.state;
  };
  await run();
  const seen = [await states()];
  for (const minutes of [50, 10]) {
    await clock.pass(minutes * minute);
    seen.push(await states());
  }
  expect(seen).toEqual(['fresh', 'due', 'missing']);
});

it('puts leases that need somebody before those that nobody has looked at yet, and those before the others', () => {
  const views = leaseViews();
  const now = new Date('2026-11-22T12:00:00Z');
  const later = new Date(now.getTime() + minute);
  const none = { account: 'aws', state: 'missing', failures: 0, deliveryFailures: 0, pendingDeliveries: 0 } as const;
  views.observe({ ...none, name: 'fresh', expiration: later, nextRefresh: later }, now);
  views.observe({ ...none, name: 'due', expiration: later, nextRefresh: now }, now);
  views.observe({ ...none, name: 'failing', expiration: later, failures: 1 }, now);
  views.observe({ ...none, name: 'missing' }, now);
  const names = ['awaited', 'due', 'failing', 'fresh', 'missing'];
  const listed = views.list(new Map(names.map((name) => [name, leaseNamed(name)])), now);
  expect(listed.map(({ name, state }) => [name, state])).toEqual(
    ['missing', 'failing', 'awaited', 'due', 'fresh'].map((state) => [state, state]),
  );
});
