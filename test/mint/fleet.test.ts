import { describe, expect, it } from 'vitest';
import { type FleetSettings, simulateFleet } from '../support/mint/fleet/simulate-fleet.ts';

// `npm run bench fleet` does the same with a thousand instances and a million callers.

const settings: FleetSettings = {
  seconds: 200,
  instances: 30,
  instanceSeconds: 100,
  callers: 1_000,
  requestsPerSecond: 60,
  accounts: 2,
  callsPerSecond: 50,
  lifeSeconds: 200,
  maxEntries: 200,
};

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Usable are 140 of 200 seconds, and a refresh begins after 60 % of them at the soonest. */
const mostMintsForOne = 1 + Math.floor(settings.seconds / (0.6 * 140));

describe('a fleet of instances that come and go', () => {
  it('serves every caller its own credentials that have not expired, for few calls of the cloud', async () => {
    const { outcomes, wrong, tally, questions, mostCallsForOne, started } = await simulateFleet(settings);
    expect(started).toBeGreaterThan(settings.instances);
    expect(wrong).toBe(0);
    expect(outcomes.get('Done')).toBeGreaterThan(0.99 * tally.total('asked'));
    // One that ends while it mints costs one call more, and those that wait for it some time.
    expect(mostCallsForOne).toBeLessThanOrEqual(mostMintsForOne + 1);
    expect(tally.total('calls')).toBeLessThanOrEqual(questions * mostMintsForOne);
    expect(tally.total('calls')).toBeLessThan(tally.total('asked') / 4);
  });

  it('stays below the ceiling of each account, and uses it', async () => {
    const tight = {
      ...settings,
      instanceSeconds: Number.POSITIVE_INFINITY,
      seconds: 60,
      accounts: 1,
      callsPerSecond: 10,
    };
    const { outcomes, wrong, tally, busiestCloudSecond } = await simulateFleet(tight);
    expect(wrong).toBe(0);
    expect(busiestCloudSecond).toBeLessThanOrEqual(10);
    expect(tally.total('calls refused')).toBe(0);
    // A fifth is for refreshing, of which there is none yet.
    expect(tally.total('calls')).toBeGreaterThanOrEqual(0.95 * 8 * 60);
    // Who cannot be served in time hears so: of the quota, or while another instance waits for it.
    expect([...outcomes.keys()].sort()).toEqual(['CloudUnavailable', 'Done', 'Throttled', 'cut']);
  });

  it('keeps serving through an outage of the store and a deploy that ends every instance', async () => {
    const { outcomes, wrong, tally, mostCallsForOne } = await simulateFleet({
      ...settings,
      outage: { from: 60, to: 90 },
      deployAt: 130,
    });
    expect(wrong).toBe(0);
    expect(outcomes.get('Done')).toBeGreaterThan(0.99 * tally.total('asked'));
    // Without the store each instance mints for itself.
    expect(mostCallsForOne).toBeLessThanOrEqual(mostMintsForOne + settings.instances);
    // The deploy costs no calls: what was minted is in the store.
    const afterDeploy = (name: string) => sum(tally.seconds(name).slice(130, 160));
    expect(afterDeploy('calls')).toBeLessThan(afterDeploy('asked') / 4);
  });
});
