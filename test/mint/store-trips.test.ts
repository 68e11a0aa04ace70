import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import type { Store } from '../../lib/core/store.ts';
import { dynamodbStore } from '../../lib/stores/dynamodb.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { redisStore } from '../../lib/stores/redis.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { sealed } from '../../lib/stores/sealed.ts';
import { sqliteStore } from '../../lib/stores/sqlite.ts';
import { deps, region, startDynalite } from '../support/dynalite-server.ts';
import { named, openInstances, outcome } from '../support/mint/instances.ts';
import { storeTrips } from '../support/mint/store-trips.ts';
import { hasRedis, startRedis } from '../support/redis-server.ts';
import { storeThrough } from '../support/store-wrappers.ts';

const deadlineMs = 15_000;
const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** A store, and how many commands or calls its server has had since the last time it was asked. */
interface Counted {
  readonly store: Store;
  taken(): Promise<number>;
}

type Open = (now: () => Date) => Promise<Counted>;

const kinds: Readonly<Record<string, Open>> = {
  sqlite: async (now) => {
    const folder = mkdtempSync(join(tmpdir(), 'credmint-trips-'));
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    const store = sqliteStore(join(folder, 'store.sqlite'), now);
    closing.push(store.close);
    // It has no server: an operation is one transaction.
    return { store, taken: async () => 0 };
  },
  redis: async (now) => {
    const server = await startRedis();
    closing.push(server.kill);
    const owner = new Redis(server.port, '127.0.0.1');
    const monitor = await owner.monitor();
    const commands: string[] = [];
    // What a script asks is of the source `lua`.
    monitor.on('monitor', (_time: string, [command = '']: string[], source: string) => {
      if (source !== 'lua') commands.push(command);
    });
    const store = redisStore({ host: '127.0.0.1', port: server.port, database: 0 }, now, deadlineMs);
    closing.push(() => {
      monitor.disconnect();
      owner.disconnect();
      return store.close();
    });
    const taken = async () => {
      // Commands are told in their order, so once this one is told all before it are.
      await owner.echo('counted');
      while (commands.at(-1) !== 'echo') await new Promise((resolve) => setImmediate(resolve));
      return commands.splice(0).length - 1;
    };
    await store.get('connected');
    await taken();
    return { store, taken };
  },
  dynamodb: async (now) => {
    const server = await startDynalite();
    closing.push(server.close);
    const own = deps(now);
    let calls = 0;
    const transport: typeof own.transport = (...all) => {
      calls++;
      return own.transport(...all);
    };
    const table = { table: await server.newTable(), region, endpoint: server.url };
    return {
      store: dynamodbStore(table, { ...own, transport }, deadlineMs),
      taken: async () => {
        const taken = calls;
        calls = 0;
        return taken;
      },
    };
  },
};

/** Two instances before one store under seal, which counts. */
const open = async (kind: Open) => {
  const now = () => new Date('2026-11-22T12:00:00Z');
  const { store, taken } = await kind(now);
  const trips = storeTrips(sealed(store, keyring(new Secret('k'.repeat(32))), now));
  const all = openInstances({ instances: 2, ceiling: () => 600, store: () => trips.store });
  all.cloud.milliseconds = 0;
  return { all, trips, taken };
};

const names = Object.keys(kinds).filter((name) => name !== 'redis' || hasRedis);

describe.each(names)('a mint with the %s store', async (name) => {
  const kind = kinds[name] as Open;

  it('makes three trips in series if a cloud is asked, and each is one request', async () => {
    const { all, trips, taken } = await open(kind);
    expect(await outcome(all, named('job'))).toMatchObject({ key: 'ci job 1' });
    expect(trips.series()).toBe(3);
    const waitedFor = trips.asked.filter((operation) => operation !== 'acquire');
    expect(waitedFor.toSorted()).toEqual(['consume', 'get', 'lock', 'putAndUnlock']);
    if (name === 'sqlite') return;
    // DynamoDB's counter of a second that is new is read and begun.
    expect(await taken()).toBe(trips.asked.length + (name === 'dynamodb' ? 2 : 0));
  });

  it('makes one trip if another instance has minted it, and none if this one has', async () => {
    const { all, trips, taken } = await open(kind);
    await outcome(all, named('job'));
    trips.reset();
    await taken();
    expect(await outcome(all, named('job'))).toMatchObject({ key: 'ci job 1' });
    expect(trips.asked).toEqual([]);
    expect(await outcome(all, named('job'), { instance: 1 })).toMatchObject({ key: 'ci job 1' });
    expect(trips.asked).toEqual(['get']);
    expect(await taken()).toBe(name === 'sqlite' ? 0 : 1);
    expect(all.cloud.calls).toBe(1);
  });
});

it('a mint that the cloud refuses leaves nothing locked', async () => {
  const all = openInstances({ instances: 2 });
  all.cloud.down = true;
  const asking = outcome(all, named('job'));
  await all.clock.pass(5_000);
  expect(await asking).toMatchObject({ code: 'CloudUnavailable' });
  all.cloud.down = false;
  const again = outcome(all, named('job'), { instance: 1 });
  // Who finds a lock looks again after 10 ms at the soonest.
  await all.clock.pass(all.cloud.milliseconds);
  expect((await again).at).toBe(all.clock.now().getTime());
});

it('a result that the store does not keep leaves nothing locked', async () => {
  const asked: string[] = [];
  const all = openInstances({
    instances: 2,
    store: (clock) => {
      const full = { ...memoryStore(clock.now), putAndUnlock: async () => false };
      return storeThrough(full, (operation, _key, ask) => {
        asked.push(operation);
        return ask();
      });
    },
  });
  all.cloud.milliseconds = 0;
  await outcome(all, named('job'));
  expect(asked).toEqual(['get', 'lock', 'putAndUnlock', 'unlock']);
  asked.length = 0;
  await outcome(all, named('job'), { instance: 1 });
  expect(asked).toEqual(['get', 'lock', 'putAndUnlock', 'unlock']);
});
