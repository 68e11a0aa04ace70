import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { virtualClock } from '../support/clock.ts';
import { keeping, type LeaseOptions, leaseOf, minute, open, role, served } from '../support/leases.ts';

// A lease is configured to be less than it was, and goes on handing out what it was.

const policy = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

/** What readers are given once the configuration has changed from the first to the second, and nothing has run yet. */
const heldAfter = async (before: LeaseOptions, now: LeaseOptions) => {
  const clock = virtualClock();
  const store = memoryStore(clock.now);
  await open({ ...before, clock, store }).run();
  const instance = open({ ...now, clock, store });
  return { instance, key: await served(instance), clock };
};

describe('what is held for a lease is handed out', () => {
  it('as long as the configuration is the same', async () => {
    expect((await heldAfter({}, {})).key).toBe('ASIA1');
  });

  it.each<[string, LeaseOptions, LeaseOptions]>([
    ['another role', {}, { leases: { demo: leaseOf({ role: `${role}-low` }) } }],
    ['a policy of its own', {}, { leases: { demo: leaseOf({ policy: policy('s3:GetObject') }) } }],
    ['a shorter life', {}, { leases: { demo: leaseOf({ durationSeconds: 900 }) } }],
    ['a tag', {}, { leases: { demo: leaseOf({ tags: { team: 'red' } }) } }],
    ['a policy of its grant', {}, { grants: [{ ...keeping, policy: policy('s3:GetObject') }] }],
    [
      'another policy of its grant',
      { grants: [{ ...keeping, policy: policy('s3:*') }] },
      { grants: [{ ...keeping, policy: policy('s3:GetObject') }] },
    ],
    ['a lower ceiling of its grant', {}, { grants: [{ ...keeping, maxDurationSeconds: 900 }] }],
    ['no grant', {}, { grants: [] }],
    ['another endpoint of its account', {}, { account: { endpoint: 'https://other.example.test' } }],
    ['another key of its account', {}, { account: { key: { id: 'AKIDOTHER', secret: 'env:KEY' } } }],
  ])('no longer, once it is configured with %s', async (_, before, now) => {
    expect((await heldAfter(before, now)).key).toBeUndefined();
  });

  it('no longer, also when the cloud refuses what it is now', async () => {
    const { instance, clock } = await heldAfter({}, { leases: { demo: leaseOf({ role: `${role}-low` }) } });
    instance.mint = async () => {
      throw new StsError('AccessDenied', undefined, { upstream: { status: 403 } });
    };
    expect(await instance.run()).toMatchObject({ failed: 1 });
    expect(await served(instance)).toBeUndefined();
    await clock.pass(minute);
    expect(await served(instance)).toBeUndefined();
  });
});
