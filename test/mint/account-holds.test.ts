import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { accountHolds } from '../../lib/mint/account-holds.ts';
import { virtualClock } from '../support/clock.ts';
import { credentialsOf, forever, requestOf } from '../support/requests.ts';

const open = () => {
  const clock = virtualClock();
  const cloud = { calls: 0, error: undefined as StsError | undefined };
  const source = accountHolds(clock).honoured(async () => {
    cloud.calls++;
    if (cloud.error !== undefined) throw cloud.error;
    return credentialsOf(cloud.calls, clock.now());
  });
  return { clock, cloud, ask: (account = 'aws') => source(requestOf({ account }), forever) };
};

describe('a Retry-After', () => {
  it('of the cloud is waited for, by its account alone, and what is left of it is passed on', async () => {
    const { clock, cloud, ask } = open();
    cloud.error = new StsError('Throttled', undefined, { upstream: { status: 429 }, retryAfterSeconds: 7 });
    await expect(ask()).rejects.toBe(cloud.error);
    cloud.error = undefined;
    clock.jump(-3_600_000);
    await clock.pass(4_500);
    await expect(ask()).rejects.toMatchObject({ code: 'Throttled', detail: { retryAfterSeconds: 3 } });
    expect(cloud.calls).toBe(1);
    await expect(ask('other')).resolves.toBeDefined();
    await clock.pass(2_500);
    await expect(ask()).resolves.toBeDefined();
  });

  it('of ours is not waited for here', async () => {
    const { cloud, ask } = open();
    cloud.error = new StsError('CloudUnavailable', undefined, { retryAfterSeconds: 7 });
    await ask().catch(() => undefined);
    cloud.error = undefined;
    await expect(ask()).resolves.toBeDefined();
  });
});
