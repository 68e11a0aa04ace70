import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { credentials, region, startDynalite } from '../../test/support/dynalite-server.ts';
import { openCloud } from '../../test/support/fake-cloud.ts';
import { openFaultyProxy } from '../../test/support/faulty-proxy.ts';
import { startRedis } from '../../test/support/redis-server.ts';
import { account, type ServerProcess, startAnother, startServer } from '../../test/support/server-process.ts';
import { askAll, askAtOnce, type Finding, mostPerSecond, names, onStage, type Stage, told } from './trial.ts';

const promise = 'new credentials 100 % through every store fault, 300 ms slower at most after the first';

/** New credentials while the store hangs: the first may wait for it, the others not. */
const whileStoreHangs = async (fault: string, { server }: Stage, hang: () => void): Promise<Finding> => {
  await askAll(server, ['kept']);
  const well = await askAtOnce(server, names('well', 100));
  hang();
  const first = await askAll(server, ['first']);
  const others = await askAll(server, names('new', 30));
  // In the next second, whose calls are counted anew.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const burst = await askAtOnce(server, names('burst', 100));
  const kept = await askAll(server, Array(10).fill('kept'));
  const addedMs = burst.slowestMs - well.slowestMs;
  const isServed = [first, others, burst, kept].every(({ served, asked }) => served === asked);
  return {
    promise,
    fault,
    kept: isServed && others.slowestMs < 300 && addedMs < 300,
    figures: `first ${first.slowestMs} ms; then ${told(others)}; 100 at once: ${told(burst)} (${well.slowestMs} ms when it was well); kept ${told(kept)}`,
  };
};

export const redisAt = (port: number) => ({
  store: { kind: 'redis', url: `redis://127.0.0.1:${port}`, sealingKeys: ['env:SEAL'] },
});

export const redisStopped = async (): Promise<Finding> => {
  const redis = await startRedis();
  try {
    return await onStage(
      () => redisAt(redis.port),
      (stage) => whileStoreHangs('Redis stopped (SIGSTOP)', stage, redis.freeze),
    );
  } finally {
    redis.resume();
    await redis.kill();
  }
};

export const redisSwallowed = async (): Promise<Finding> => {
  const redis = await startRedis();
  const proxy = await openFaultyProxy(redis.port);
  try {
    return await onStage(
      () => redisAt(proxy.port),
      (stage) => whileStoreHangs('the network before Redis loses everything', stage, proxy.swallow),
    );
  } finally {
    await proxy.close();
    await redis.kill();
  }
};

export const sqliteLocked = (): Promise<Finding> =>
  onStage(
    () => ({ store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys: ['env:SEAL'] } }),
    async (stage) => {
      const other = new DatabaseSync(join(stage.server.folder, 'store.sqlite'));
      try {
        return await whileStoreHangs('SQLite locked by another process', stage, () => other.exec('BEGIN EXCLUSIVE'));
      } finally {
        other.close();
      }
    },
  );

/** Lets a process write no file beyond so many bytes, as a full disk does. */
export const limitFiles = ({ pid }: ChildProcess, bytes: string): void => {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
};

/** The disk of the store is full; the audit trail goes elsewhere. */
export const storeDiskFull = (): Promise<Finding> =>
  onStage(
    () => ({
      store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys: ['env:SEAL'] },
      audit: { sink: { kind: 'stdout' } },
    }),
    (stage) =>
      whileStoreHangs('the disk of SQLite full', stage, () =>
        limitFiles(stage.server.child, String(statSync(join(stage.server.folder, 'store.sqlite-wal')).size)),
      ),
  );

/** What DynamoDB's stand-in is reached by, and how it fails. */
const withDynamodb = async (
  fault: string,
  open: (
    port: number,
  ) => Promise<{ readonly port: number; readonly fail: () => void; readonly close: () => Promise<void> }>,
): Promise<Finding> => {
  const dynalite = await startDynalite();
  const table = await dynalite.newTable();
  const between = await open(Number(dynalite.url.port));
  try {
    return await onStage(
      () => ({
        store: {
          kind: 'dynamodb',
          table,
          region,
          endpoint: `http://127.0.0.1:${between.port}/`,
          sealingKeys: ['env:SEAL'],
        },
      }),
      (stage) => whileStoreHangs(fault, stage, between.fail),
      { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
    );
  } finally {
    await between.close();
    await dynalite.close();
  }
};

export const dynamodbSilent = (): Promise<Finding> =>
  withDynamodb('DynamoDB accepts and never answers', async (port) => {
    const proxy = await openFaultyProxy(port);
    return { port: proxy.port, fail: proxy.swallow, close: proxy.close };
  });

export const dynamodbThrottles = (): Promise<Finding> =>
  withDynamodb('DynamoDB throttles every request', async (port) => {
    let isThrottling = false;
    const server = createServer(async (message, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of message) pieces.push(piece as Buffer);
      const { host: _, connection: __, ...headers } = message.headers as Record<string, string>;
      if (isThrottling) {
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end('{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}');
        return;
      }
      const passed = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: Buffer.concat(pieces) });
      response.writeHead(passed.status, { 'content-type': 'application/x-amz-json-1.0' }).end(await passed.text());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      fail: () => {
        isThrottling = true;
      },
      close: async () => {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
      },
    };
  });

/** A process that was frozen, as functions are, whose connections died meanwhile without a word. */
export const thawed = async (): Promise<Finding> => {
  const redis = await startRedis();
  const cloud = await openCloud();
  const [toRedis, toCloud] = [
    await openFaultyProxy(redis.port),
    await openFaultyProxy(Number(new URL(cloud.url).port)),
  ];
  const aws = { ...account(`http://127.0.0.1:${toCloud.port}`), requestsPerSecond: 2_000 };
  const server = await startServer({ accounts: { aws }, ...redisAt(toRedis.port) });
  try {
    await askAll(server, names('before', 5));
    server.child.kill('SIGSTOP');
    toRedis.forget();
    toCloud.forget();
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    server.child.kill('SIGCONT');
    const after = await askAll(server, names('after', 5));
    return {
      promise: 'a dead connection is not felt after a thaw',
      fault: 'the process frozen for 6 s, its connections to Redis and the cloud dead',
      kept: after.served === 5 && after.slowestMs < 300,
      figures: told(after),
    };
  } finally {
    await server.close();
    await Promise.all([toRedis.close(), toCloud.close(), cloud.close(), redis.kill()]);
  }
};

/** Several processes whose store is stopped, each with more to ask for than the cloud takes. */
export const ceilingWithoutStore = async (): Promise<Finding> => {
  const redis = await startRedis();
  const cloud = await openCloud();
  const ceiling = 50;
  const aws = { ...account(cloud.url), requestsPerSecond: ceiling };
  const config = { accounts: { aws }, ...redisAt(redis.port), audit: { sink: { kind: 'stdout' } } };
  const servers: ServerProcess[] = [];
  try {
    servers.push(await startServer(config));
    const { folder } = servers[0] as ServerProcess;
    for (let count = 1; count < 3; count++) servers.push(await startAnother(folder));
    await Promise.all(servers.map((server, index) => askAll(server, names(`well-${index}`, 3))));
    redis.freeze();
    await Promise.all(servers.map((server, index) => askAtOnce(server, names(`new-${index}`, 60))));
    const most = mostPerSecond(cloud.at);
    return {
      promise: 'no call above the ceiling',
      fault: 'Redis stopped, three processes with 60 new requests each, a ceiling of 50 a second',
      kept: most <= ceiling,
      figures: `at most ${most} calls in a second, ${cloud.calls.length} in all`,
    };
  } finally {
    redis.resume();
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all([cloud.close(), redis.kill()]);
  }
};

/** Two processes with one SQLite file, one of which is killed. */
export const twoOnSqlite = async (): Promise<Finding> => {
  const cloud = await openCloud();
  const aws = { ...account(cloud.url), requestsPerSecond: 2_000 };
  const first = await startServer({
    accounts: { aws },
    store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys: ['env:SEAL'] },
    audit: { sink: { kind: 'file', path: 'audit-%p.jsonl' }, key: 'file:audit.pem' },
  });
  const second = await startAnother(first.folder);
  try {
    const asked = names('shared', 50);
    const [one, other] = await Promise.all([askAtOnce(first, asked), askAtOnce(second, asked)]);
    const doubled = cloud.calls.length - new Set(cloud.calls).size;
    const minted = cloud.calls.length;
    first.child.kill('SIGKILL');
    const left = await askAll(second, [...asked.slice(0, 10), ...names('left', 10)]);
    const again = cloud.calls.length - minted - 10;
    return {
      promise: 'one credential for one question, on any process',
      fault: 'two processes on one SQLite file asked the same 50 at once; one killed (SIGKILL)',
      kept: one.served + other.served === 100 && doubled === 0 && left.served === 20 && again === 0,
      figures: `${told(one)}; ${told(other)}; ${doubled} minted twice; after the kill ${told(left)}, ${again} minted again`,
    };
  } finally {
    await second.close();
    await first.close();
    await cloud.close();
  }
};
