import { type FleetReport, type FleetSettings, simulateFleet } from '../test/support/mint/fleet/simulate-fleet.ts';
import { prices } from './prices.ts';
import { atLeast, atMost, type Cell, plain, type Table } from './table.ts';

/** An hour of a large platform, with all that may happen to it. */
const hour = {
  seconds: 3_600,
  instances: 1_000,
  instanceSeconds: 1_800,
  callers: 1_000_000,
  requestsPerSecond: 200,
  accounts: 4,
  callsPerSecond: 600,
  lifeSeconds: 3_600,
  maxEntries: 2_000,
  outage: { from: 1_200, to: 1_260 },
  deployAt: 2_400,
} satisfies FleetSettings;

const { outage: _, deployAt: __, ...quiet } = hour;
const fleets: Readonly<Record<string, FleetSettings>> = {
  'an hour: 1,000 instances, 4 accounts, an outage, a deploy': hour,
  'ten minutes: 1,000 instances, 4 accounts': { ...quiet, seconds: 600 },
  'ten minutes: 100 instances, 4 accounts': { ...quiet, seconds: 600, instances: 100 },
  'ten minutes: 1,000 instances, 1 account of 60/s': { ...quiet, seconds: 600, accounts: 1, callsPerSecond: 60 },
};

/** A fleet that was simulated, and how long that took by the clock on the wall. */
interface Simulated extends FleetReport {
  readonly realSeconds: number;
}

/** What DynamoDB charges for: units of reading, and of writing. A sealed triad is two of writing. */
const unitsOf = ({ tally }: FleetReport): { readonly reads: number; readonly writes: number } => {
  const of = (name: string): number => tally.total(`store ${name}`);
  const sum = (request: string): number =>
    tally
      .names()
      .filter((name) => name.startsWith(`store ${request} `) && !/ (refused|begun)$/.test(name))
      .reduce((total, name) => total + tally.total(name), 0);
  return {
    // A counter that refuses or is new is also read.
    reads: sum('get') + of('consume refused') + of('consume begun'),
    // To lock a value that is there, for a refresh, takes as much as to put it.
    writes:
      2 * sum('putAndUnlock') +
      sum('lock') +
      tally.total('cache refreshes') +
      sum('unlock') +
      sum('acquire') +
      sum('release') +
      sum('consume') +
      of('consume begun'),
  };
};

const outcomes = (all: Readonly<Record<string, Simulated>>): Table => ({
  title: 'A fleet before its clouds, in virtual time',
  columns: [
    'fleet',
    'requests',
    'served %',
    'p50 ms',
    'p99 ms',
    'distinct questions',
    "clouds' calls",
    'calls, times questions',
    "busiest second's calls, of the ceiling",
    "store's operations, times requests",
    'wrong or expired',
    'took s',
  ],
  rows: Object.entries(all).map(([name, figures]): Cell[] => {
    const { tally, questions, busiestCloudSecond, wrong, realSeconds, waitedMs } = figures;
    const asked = tally.total('asked');
    const calls = tally.total('calls');
    const settings = fleets[name] ?? hour;
    const isBound = name.includes('1 account');
    const served = plain((100 * tally.total('served')) / asked, 2);
    const ofCeiling = plain(busiestCloudSecond / settings.callsPerSecond, 2);
    return [
      name,
      plain(asked),
      isBound ? served : atLeast(served, 99.9),
      plain(waitedMs(0.5)),
      plain(waitedMs(0.99)),
      plain(questions),
      plain(calls),
      plain(calls / questions, 2),
      settings.outage === undefined ? atMost(ofCeiling, 1) : ofCeiling,
      plain(tally.total('store') / asked, 2),
      atMost(plain(wrong), 0),
      plain(realSeconds),
    ];
  }),
  notes: [
    'The real cache, quota, breaker, retry and store guard of each instance; the clock, the network, the store and the clouds are simulated. A million callers, each with a question of its own, ask by Zipf’s law 200 times a second in all; an instance lives for half an hour on average and ends without a warning. Whoever asked one that ended is not served. A cloud takes 600 calls a second of an account, in 60 to 200 ms; the store takes 1 to 4 ms. Credentials live for an hour.',
  ],
});

/** Per second, between two seconds. */
const perSecond = ({ tally }: FleetReport, name: string, from: number, to: number): number =>
  tally
    .seconds(name)
    .slice(from, to)
    .reduce((sum, count) => sum + count, 0) /
  (to - from);

const busiest = ({ tally }: FleetReport, name: string, from: number, to: number): number =>
  Math.max(0, ...tally.seconds(name).slice(from, to));

const course = (figures: FleetReport): Table => {
  const row = (when: string, from: number, to: number): Cell[] => [
    when,
    plain(from / 60),
    plain(perSecond(figures, 'asked', from, to)),
    plain(perSecond(figures, 'refused', from, to), 2),
    plain(perSecond(figures, 'calls', from, to)),
    plain(busiest(figures, 'calls', from, to)),
    plain(perSecond(figures, 'store', from, to)),
    plain(busiest(figures, 'store', from, to)),
  ];
  const { outage, deployAt, seconds } = hour;
  return {
    title: 'The hour of that fleet',
    columns: [
      'when',
      'minute',
      'requests/s',
      'refused/s',
      "clouds' calls/s",
      'in the busiest second',
      "store's operations/s",
      'in its busiest second',
    ],
    rows: [
      row('the first minute: nothing is known', 0, 60),
      row('the tenth minute', 540, 600),
      row('the minute before the outage', outage.from - 60, outage.from),
      row('the store is down', outage.from, outage.to),
      row('the minute after', outage.to, outage.to + 60),
      row('the minute before the deploy', deployAt - 60, deployAt),
      row('every instance is new', deployAt, deployAt + 60),
      row('the last minute', seconds - 60, seconds),
    ],
    charts: [
      {
        kind: 'growth',
        name: 'fleet',
        across: 'minute',
        values: ['requests/s', "clouds' calls/s", "store's operations/s"],
        rows: Array.from({ length: seconds / 30 }, (_, index) => row('', index * 30, index * 30 + 30)),
      },
    ],
  };
};

/** What one partition of DynamoDB takes in a second. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const partition = { reads: 3_000, writes: 1_000 };

const hotKeys = ({ tally, hottest }: FleetReport): Table => ({
  title: 'The hottest key of each kind, in its busiest second',
  columns: ['request and kind of key', 'in all', 'of the hottest key', 'at minute'],
  rows: hottest.map(({ kind, perSecond, atMs }) => [
    kind,
    plain(tally.total(`store ${kind}`)),
    atMost(plain(perSecond), kind.startsWith('get') ? partition.reads : partition.writes),
    plain(atMs / 60_000, 1),
  ]),
  notes: ['The goals are what one partition of DynamoDB takes; one Redis takes some 100,000.'],
});

const secondsOfMonth = 730 * 3600;
/** A sealed triad with its key and what Redis needs besides. */
const bytesOfEntry = 1_500;

const bill = (figures: FleetReport): Table => {
  const asked = figures.tally.total('asked');
  const { reads, writes } = unitsOf(figures);
  const operations = figures.tally.total('store') / asked;
  return {
    title: 'The store of a platform, a month, in US dollars',
    columns: [
      'requests/s',
      "store's operations/s",
      'DynamoDB reads/s',
      'writes/s',
      'DynamoDB $',
      'entries, GB',
      'Valkey $',
      'of all requests, $ a million',
    ],
    rows: [1_000, 10_000, 100_000].map((requestsPerSecond) => {
      const perMonth = (requestsPerSecond * secondsOfMonth) / 1e6;
      const dynamodb =
        perMonth *
        ((reads / asked) * prices.dynamodbPerMillionReads + (writes / asked) * prices.dynamodbPerMillionWrites);
      // As many callers for each request a second as in the simulation.
      const entriesGb = (figures.questions * (requestsPerSecond / hour.requestsPerSecond) * bytesOfEntry) / 1e9;
      const valkey = perMonth * operations * prices.valkeyPerMillionUnits + entriesGb * 730 * prices.valkeyPerGbHour;
      return [
        plain(requestsPerSecond),
        plain(requestsPerSecond * operations),
        plain((requestsPerSecond * reads) / asked),
        plain((requestsPerSecond * writes) / asked),
        plain(dynamodb),
        plain(entriesGb, 1),
        plain(valkey),
        plain(dynamodb / perMonth, 2),
      ];
    }),
    notes: [
      'From the hour above, its first minutes and its faults included: with ten times the requests there are ten times the instances and the callers. List prices, as in docs/cost.md.',
    ],
  };
};

/** Many instances and very many callers, by simulation. */
export const fleet = async (): Promise<readonly Table[]> => {
  const all: Record<string, Simulated> = {};
  for (const [name, settings] of Object.entries(fleets)) {
    const began = performance.now();
    all[name] = { ...(await simulateFleet(settings)), realSeconds: (performance.now() - began) / 1000 };
  }
  const [first] = Object.values(all);
  return first === undefined ? [] : [outcomes(all), course(first), hotKeys(first), bill(first)];
};
