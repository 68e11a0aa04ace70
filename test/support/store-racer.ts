import { Secret } from '../../lib/core/secret.ts';
import type { Store } from '../../lib/core/store.ts';
import { dynamodbStore } from '../../lib/stores/dynamodb.ts';
import { redisStore } from '../../lib/stores/redis.ts';
import { sqliteStore } from '../../lib/stores/sqlite.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import type { Place, Race, Score } from './store-processes.ts';

// A process of its own that opens the store it is told of, waits for the start, and says how it did.

const now = (): Date => new Date();

const open = (place: Place): Store => {
  if (place.kind === 'sqlite') return sqliteStore(place.path, now, { busyTimeoutMs: 10_000 });
  if (place.kind === 'redis') return redisStore({ host: '127.0.0.1', port: place.port, database: 0 }, now, 10_000);
  const credentials = async () => ({ id: 'AKIDEXAMPLE', secret: new Secret('secret') });
  const table = { table: place.table, region: 'eu-central-1', endpoint: new URL(place.endpoint) };
  return dynamodbStore(table, { transport: nodeTransport(), credentials, now }, 10_000);
};

const store = open(JSON.parse(process.argv[2] ?? '') as Place);
const end = new Date(Date.now() + 600_000);

const run = async ({ claims, taking, most }: Race): Promise<Score> => {
  const won: string[] = [];
  // Opposite ways and all at once, so that every process meets every other at every key.
  const keys = process.pid % 2 === 0 ? claims : [...claims].reverse();
  const claim = async (key: string): Promise<void> => {
    if (await store.acquire(key, end)) won.push(key);
  };
  let granted = 0;
  const take = async (): Promise<void> => {
    const one = await store.consume('quota', 3, most, end);
    granted += one ?? 0;
  };
  await Promise.all([...keys.map(claim), ...Array.from({ length: taking }, take)]);
  return { won, granted };
};

/** Claims without end, telling of each claim once it is had. */
const toil = async (): Promise<void> => {
  for (let number = 0; ; number++) {
    if (await store.acquire(`toil ${number}`, end)) {
      await new Promise((sent) => process.send?.({ claimed: number }, sent));
    }
  }
};

process.on('message', (race: Race | 'toil') => {
  if (race === 'toil') void toil();
  else {
    run(race).then(
      (score) => process.send?.(score, () => process.exit(0)),
      () => process.exit(1),
    );
  }
});
process.send?.('ready');
