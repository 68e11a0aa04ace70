import type { Account } from '../../../../lib/core/cloud.ts';
import { StsError } from '../../../../lib/core/errors.ts';
import type { MintRequest } from '../../../../lib/core/requests.ts';
import { virtualClock } from '../../clock.ts';
import { requestOf } from '../../requests.ts';
import { deadlineIn, type FleetInstance, type InstanceDeps, startInstance } from './instance.ts';
import { limitedCloud } from './limited-cloud.ts';
import { type HotKey, sharedStore } from './shared-store.ts';
import { type Tally, tallyBy } from './tally.ts';
import { zipf } from './zipf.ts';

/** A fleet and what happens to it. Instants are in seconds since its beginning. */
export interface FleetSettings {
  readonly seconds: number;
  readonly instances: number;
  /** How long an instance lives on average. */
  readonly instanceSeconds: number;
  readonly callers: number;
  readonly requestsPerSecond: number;
  readonly accounts: number;
  /** Of each account. */
  readonly callsPerSecond: number;
  /** How long the cloud's credentials live. */
  readonly lifeSeconds: number;
  /** In each instance. */
  readonly maxEntries: number;
  /** When the store answers nothing. */
  readonly outage?: { readonly from: number; readonly to: number };
  /** When every instance is ended and another started. */
  readonly deployAt?: number;
  readonly seed?: number;
}

export interface FleetReport {
  readonly tally: Tally;
  readonly hottest: readonly HotKey[];
  /** Questions that were asked at least once. */
  readonly questions: number;
  /** The most calls of the cloud for one question. */
  readonly mostCallsForOne: number;
  readonly busiestCloudSecond: number;
  /** Answers with credentials that had expired, or were another caller's: must be 0. */
  readonly wrong: number;
  /** Outcomes, by code; `Done` is served, `cut` is asked of an instance that ended meanwhile. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Served within so many milliseconds, of those that were served: for shares from 0 to 1. */
  waitedMs(share: number): number;
  /** Instances that were started. */
  readonly started: number;
}

const tickMs = 10;
const deadlineMs = 10_000;

/** Requests that arrive by themselves in a tick: a Poisson number. */
const arrivals = (mean: number, chance: () => number): number => {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = chance(); product > limit; product *= chance()) count++;
  return count;
};

/** The real mint, quota and store guards of many instances, in virtual time, with many callers before them. */
export const simulateFleet = async (settings: FleetSettings): Promise<FleetReport> => {
  const clock = virtualClock(Date.parse('2026-11-22T12:00:00Z'), settings.seed, 1);
  const tally = tallyBy(clock.monotonicMs);
  const store = sharedStore(clock, tally);
  const cloud = limitedCloud(clock, tally, settings);
  const accounts = new Map<string, Account>(
    Array.from({ length: settings.accounts }, (_, index) => {
      const name = `account-${index}`;
      return [name, { name, cloud: 'aws', endpoint: new URL('http://127.0.0.1/') }];
    }),
  );
  const deps: Omit<InstanceDeps, 'store'> = {
    accounts,
    ceiling: () => settings.callsPerSecond,
    cloud,
    clock,
    maxEntries: settings.maxEntries,
  };
  const draw = zipf(settings.callers, clock.chance);
  let started = 0;
  const cacheTotals = { hits: 0, misses: 0, coalesced: 0, refreshes: 0 };
  const retire = (instance: FleetInstance): void => {
    instance.end();
    for (const [name, count] of Object.entries(instance.counts())) {
      cacheTotals[name as keyof typeof cacheTotals] += count;
    }
  };
  const begin = (): FleetInstance => {
    started++;
    const lifeMs = -Math.log(1 - clock.chance()) * settings.instanceSeconds * 1000;
    return startInstance({ ...deps, store: store.connect() }, clock.monotonicMs() + lifeMs);
  };
  const instances = Array.from({ length: settings.instances }, begin);

  const asked = new Uint8Array(settings.callers);
  const outcomes = new Map<string, number>();
  const waits: number[] = [];
  let wrong = 0;
  const count = (outcome: string): void => {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  };
  const requestBy = (caller: number): MintRequest =>
    requestOf({
      account: `account-${caller % settings.accounts}`,
      sessionName: `job-${caller}`,
      caller: { name: 'ci', proof: 'jwt', subject: { issuer: 'https://issuer.example', name: `job-${caller}` } },
      durationSeconds: settings.lifeSeconds,
    });
  const ask = async (caller: number, instance: FleetInstance): Promise<void> => {
    const beganMs = clock.monotonicMs();
    const deadline = deadlineIn(clock, deadlineMs);
    asked[caller] = 1;
    tally.add('asked');
    count('cut');
    let outcome = 'Done';
    try {
      const { accessKeyId, expiration } = await instance.credentials(requestBy(caller), deadline);
      if (expiration <= clock.now() || !accessKeyId.startsWith(`job-${caller} `)) wrong++;
      const waitedMs = clock.monotonicMs() - beganMs;
      waits[waitedMs] = (waits[waitedMs] ?? 0) + 1;
      tally.add('served');
    } catch (thrown) {
      outcome = StsError.from(thrown).code;
      tally.add('refused');
    }
    deadline.over();
    count(outcome);
    outcomes.set('cut', (outcomes.get('cut') ?? 0) - 1);
  };

  for (let atMs = 0; atMs < settings.seconds * 1000; atMs += tickMs) {
    const second = atMs / 1000;
    const { outage, deployAt } = settings;
    store.down = outage !== undefined && second >= outage.from && second < outage.to;
    for (const [index, instance] of Number.isInteger(second) ? instances.entries() : []) {
      if (instance.endsAtMs > atMs && second !== deployAt) continue;
      retire(instance);
      instances[index] = begin();
    }
    for (let left = arrivals((settings.requestsPerSecond * tickMs) / 1000, clock.chance); left > 0; left--) {
      const instance = instances[Math.floor(clock.chance() * instances.length)] as FleetInstance;
      void ask(draw(), instance);
    }
    await clock.pass(tickMs);
  }
  await clock.pass(deadlineMs);
  for (const instance of instances) retire(instance);
  for (const [name, total] of Object.entries(cacheTotals)) tally.add(`cache ${name}`, total);

  const served = outcomes.get('Done') ?? 0;
  return {
    tally,
    hottest: store.hottest(),
    questions: asked.reduce((sum, one) => sum + one, 0),
    mostCallsForOne: [...cloud.callsByQuestion.values()].reduce((most, calls) => Math.max(most, calls), 0),
    busiestCloudSecond: cloud.busiestSecond(),
    wrong,
    outcomes,
    waitedMs: (share) => {
      let left = share * served;
      const found = waits.findIndex((served = 0) => {
        left -= served;
        return left <= 0;
      });
      return Math.max(0, found);
    },
    started,
  };
};
