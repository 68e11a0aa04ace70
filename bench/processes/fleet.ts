import { type FleetSettings, simulateFleet } from '../../test/support/mint/fleet/simulate-fleet.ts';

// Simulates a fleet, and reports what came of it.

/** Names whose course is reported. */
const courses = ['asked', 'served', 'refused', 'calls', 'store'];

const run = async (settings: FleetSettings): Promise<FleetFigures> => {
  const began = performance.now();
  const { tally, hottest, outcomes, waitedMs, ...rest } = await simulateFleet(settings);
  return {
    ...rest,
    realSeconds: (performance.now() - began) / 1000,
    totals: Object.fromEntries(tally.names().map((name) => [name, tally.total(name)])),
    seconds: Object.fromEntries(courses.map((name) => [name, tally.seconds(name)])),
    hottest,
    outcomes: Object.fromEntries(outcomes),
    p50: waitedMs(0.5),
    p99: waitedMs(0.99),
  };
};

/** What a simulation found, as it is sent to another process. */
export interface FleetFigures {
  readonly realSeconds: number;
  /** By name of the tally. */
  readonly totals: Readonly<Record<string, number>>;
  /** By name, how many in each second. */
  readonly seconds: Readonly<Record<string, readonly number[]>>;
  readonly hottest: readonly { readonly kind: string; readonly perSecond: number; readonly atMs: number }[];
  readonly outcomes: Readonly<Record<string, number>>;
  readonly questions: number;
  readonly mostCallsForOne: number;
  readonly busiestCloudSecond: number;
  readonly wrong: number;
  readonly started: number;
  /** In milliseconds of virtual time. */
  readonly p50: number;
  readonly p99: number;
}

process.on('message', (settings: FleetSettings) => {
  void run(settings).then((figures) => process.send?.(figures));
});
process.on('disconnect', () => process.exit());
process.send?.({});
