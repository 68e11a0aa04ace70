import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, openCloud } from '../support/fake-cloud.ts';
import { type Instance, startInstance } from '../support/mint/processes.ts';
import { hasRedis, type RedisProcess, startRedis } from '../support/redis-server.ts';

// Reported as skipped where the machine has no redis-server.
describe.skipIf(!hasRedis)('several processes before one Redis', { timeout: 60_000 }, () => {
  let redis: RedisProcess;
  let cloud: Cloud;
  const instances: Instance[] = [];

  beforeEach(async () => {
    redis = await startRedis();
    cloud = await openCloud();
  });
  afterEach(async () => {
    await Promise.all(instances.splice(0).map((instance) => instance.kill()));
    await cloud.close();
    await redis.kill();
  });

  const start = async (count: number): Promise<readonly Instance[]> => {
    const started = await Promise.all(Array.from({ length: count }, () => startInstance(redis.port, cloud.url)));
    instances.push(...started);
    return started;
  };

  /** Of a report: who got what, which must be one thing. */
  const only = (outcomes: Readonly<Record<string, number>>): [string, number] => {
    const all = Object.entries(outcomes);
    expect(all).toHaveLength(1);
    return all[0] as [string, number];
  };

  it('ask the cloud once for 10,000 equal requests at once, and give all of them the same', async () => {
    const four = await start(4);
    const reports = await Promise.all(four.map((instance) => instance.run({ name: 'job', count: 2_500 })));
    expect(reports.map(({ outcomes }) => only(outcomes))).toEqual(
      Array(4).fill(['ASIA0000000000000001 token of job', 2_500]),
    );
    expect(cloud.calls).toEqual(['job']);
  });

  it('lose nothing when the one who mints is killed: another takes over when its claim has run out', async () => {
    const [minter, other] = (await start(2)) as [Instance, Instance];
    cloud.holding = true;
    void minter.run({ name: 'job', count: 10 });
    await cloud.came(1);
    const waiting = other.run({ name: 'job', count: 10 });
    await minter.kill();
    await cloud.came(2);
    cloud.release();
    expect(only((await waiting).outcomes)).toEqual(['ASIA0000000000000002 token of job', 10]);
    // One call that died with its caller, and one: the stated bound is one more for each death.
    expect(cloud.calls).toHaveLength(2);
  });

  it('lose nothing that was minted when all of them are killed: who comes after finds it', async () => {
    const [first] = (await start(1)) as [Instance];
    const [before] = only((await first.run({ name: 'job', count: 1 })).outcomes);
    await first.kill();
    const [second] = (await start(1)) as [Instance];
    expect(only((await second.run({ name: 'job', count: 1 })).outcomes)[0]).toBe(before);
    expect(cloud.calls).toHaveLength(1);
  });

  it('serve on when Redis is killed, each for itself', async () => {
    const two = await start(2);
    await Promise.all(two.map((instance) => instance.run({ name: 'job', count: 1 })));
    await redis.kill();
    const reports = await Promise.all(two.map((instance) => instance.run({ name: 'job', count: 100 })));
    for (const { outcomes } of reports) expect(only(outcomes)).toEqual(['ASIA0000000000000001 token of job', 100]);
    const fresh = await Promise.all(two.map((instance) => instance.run({ name: 'other', count: 100 })));
    for (const { outcomes } of fresh) expect(only(outcomes)[0]).toContain('token of other');
    expect(cloud.calls.filter((name) => name === 'other').length).toBeLessThanOrEqual(2);
  });
});
