import { Secret } from '../lib/core/secret.ts';
import { createMint } from '../lib/mint/mint.ts';
import { memoryStore } from '../lib/stores/memory.ts';
import { virtualClock } from '../test/support/clock.ts';
import { named, openInstances, outcome } from '../test/support/mint/instances.ts';
import { storeTrips } from '../test/support/mint/store-trips.ts';
import { forever, requestOf } from '../test/support/requests.ts';
import { start } from './processes/child.ts';
import { atMost, type Cell, plain, type Table } from './table.ts';

interface Keeping {
  readonly size: number;
  readonly bytes: number;
  readonly resident: number;
  readonly pause: number;
  readonly work: number;
  readonly processor: number;
}

/** The memory that cached credentials take, and the pauses that caching many of them causes. */
export const kept = async (): Promise<readonly Table[]> => {
  const rows: Cell[][] = [];
  for (const most of [10_000, 100_000, 1_000_000]) {
    const flags = ['--expose-gc', '--max-old-space-size=6144'];
    const keeper = await start(new URL('./processes/keeper.ts', import.meta.url), [String(most)], flags);
    const { size, bytes, resident, pause, work, processor } = (await keeper.ask({})) as Keeping;
    await keeper.stop();
    rows.push([
      plain(most),
      plain(size),
      atMost(plain(bytes), 700),
      plain(resident),
      atMost(plain(pause), 50),
      plain(work),
      plain((processor * 1000) / (most * 1.2), 1),
    ]);
  }
  return [
    {
      title: 'Cached credentials',
      columns: ['may keep', 'keeps', 'bytes each', 'resident MiB', 'longest pause ms', 'of it our work', 'us each'],
      rows,
      notes: ['A fifth more than may be kept were minted. A pause is between two mints, garbage collection included.'],
      charts: [{ kind: 'growth', name: 'kept', across: 'may keep', values: 'bytes each', scale: 'log' }],
    },
  ];
};

const roundTrips = async (): Promise<Table> => {
  const clock = virtualClock();
  const trips = storeTrips(memoryStore(clock.now));
  const mint = createMint({
    accounts: new Map(),
    issue: () => {
      throw new Error('There is no authority here.');
    },
    clouds: {
      credentials: async () => ({
        accessKeyId: 'ASIA',
        secretAccessKey: new Secret('secret'),
        sessionToken: new Secret('token'),
        expiration: new Date(clock.now().getTime() + 3_600_000),
      }),
      identity: () => Promise.reject(new Error('Identities are not asked for here.')),
    },
    ceiling: () => 600,
    store: trips.store,
    shared: true,
    cache: { maxEntries: 10, shareable: () => false, deadline: () => forever },
    clock,
  });
  const row = async (name: string, goal: number): Promise<Cell[]> => {
    trips.reset();
    await mint.credentials(requestOf({ sessionName: 'one' }), forever);
    return [name, atMost(plain(trips.series()), goal), trips.asked.join(', ') || '-'];
  };
  return {
    title: 'Round trips to a shared store',
    columns: ['mint', 'trips in series', 'what'],
    rows: [await row('cold', 3), await row('hot', 0)],
    notes: [
      'Each is one command of Redis, one transaction of SQLite or one call of DynamoDB, unless instances race for a counter. `lock` and `consume` go at the same time, and nothing waits for `acquire`: the place of an instance, once a minute.',
    ],
  };
};

/** The calls that many callers cost a cloud, in virtual time. */
export const saved = async (): Promise<readonly Table[]> => {
  const all = openInstances({ ceiling: () => 600 });
  let answered = 0;
  for (let second = 0; second < 30; second++) {
    for (let index = 0; index < 5_000; index++) {
      void outcome(all, named('job', `caller-${index % 500}`)).then(({ key }) => {
        if (key !== undefined) answered++;
      });
    }
    await all.clock.pass(1_000);
  }
  return [
    {
      title: '500 callers that ask for a role of one hour 5,000 times a second, for 30 s of virtual time',
      columns: ['requests', 'answered', 'calls of the cloud'],
      rows: [['150,000', plain(answered), atMost(plain(all.cloud.calls), 500)]],
    },
    await roundTrips(),
  ];
};
