import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startRedis } from '../../test/support/redis-server.ts';
import { account, startAnother } from '../../test/support/server-process.ts';
import { redisAt } from './stores.ts';
import { askAll, askAtOnce, type Finding, names, onStage, pause, secondsUntil, told } from './trial.ts';

const promise = 'new credentials 100 % while a store answers that it does not do what it is asked';

/** What a real Redis is told, so that it refuses. */
const commands: Readonly<Record<string, readonly string[]>> = {
  READONLY: ['REPLICAOF', '127.0.0.1', '1'],
  OOM: ['CONFIG', 'SET', 'maxmemory', '1'],
  NOPERM: [
    'ACL',
    'SETUSER',
    'default',
    '-@all',
    '+ping',
    '+hello',
    '+info',
    '+client',
    '+acl',
    '+config',
    '+replicaof',
  ],
};

/** What undoes it. */
const undone: Readonly<Record<string, readonly string[]>> = {
  READONLY: ['REPLICAOF', 'NO', 'ONE'],
  OOM: ['CONFIG', 'SET', 'maxmemory', '0'],
  NOPERM: ['ACL', 'SETUSER', 'default', '+@all'],
};

/** A real Redis that refuses in each way, and is well again, under one server. */
export const redisRefuses = async (): Promise<Finding> => {
  const redis = await startRedis();
  const tell = (command: readonly string[] = []) => execFileSync('redis-cli', ['-p', String(redis.port), ...command]);
  try {
    return await onStage(
      () => redisAt(redis.port),
      async ({ server }) => {
        await askAll(server, ['kept']);
        const figures: string[] = [];
        let isKept = true;
        for (const kind of Object.keys(commands)) {
          tell(commands[kind]);
          const fresh = await askAll(server, names(`new-${kind}`, 30));
          const kept = await askAll(server, Array(10).fill('kept'));
          const isDegraded = async () => (await server.get('/ready')).text.includes('"store"');
          const isTold = (await secondsUntil(isDegraded, 5)) < 5;
          tell(undone[kind]);
          const seconds = await secondsUntil(async () => !(await isDegraded()), 20);
          isKept &&= fresh.served === 30 && kept.served === 10 && isTold && seconds <= 6;
          figures.push(
            `${kind}: ${told(fresh)}, kept ${kept.served} of 10, ${isTold ? 'told' : 'NOT TOLD'} by /ready, well after ${seconds.toFixed(1)} s`,
          );
        }
        return {
          promise,
          fault: 'Redis a read-only replica, out of memory, without permission',
          kept: isKept,
          figures: figures.join('; '),
        };
      },
    );
  } finally {
    await redis.kill();
  }
};

/** What else may stand where Redis was, by its answer to everything. */
const strangeAnswers = [
  '-LOADING Redis is loading the dataset in memory',
  '-MOVED 3999 127.0.0.1:1',
  '-MISCONF Redis is configured to save RDB snapshots',
  'HTTP/1.1 400 Bad Request',
  '$-2',
  '*1000000000',
  '$500000000',
];

/** Something that answers everything alike where Redis should be. */
export const strangersInPlaceOfRedis = async (): Promise<Finding> => {
  let answer = '';
  const stranger = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(`${answer}\r\n`));
  });
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening));
  try {
    const figures: string[] = [];
    let isKept = true;
    for (const each of strangeAnswers) {
      answer = each;
      await onStage(
        () => redisAt((stranger.address() as AddressInfo).port),
        async ({ server }) => {
          const fresh = await askAll(server, names('new', 10));
          const kept = await askAll(server, Array(10).fill('new-0'));
          isKept &&= fresh.served === 10 && kept.served === 10;
          figures.push(`${each.split(' ')[0]} ${fresh.served} of 10, slowest ${fresh.slowestMs} ms`);
          return { promise, fault: '', kept: true, figures: '' };
        },
      );
    }
    return {
      promise,
      fault: 'something else answers where Redis should be',
      kept: isKept,
      figures: figures.join('; '),
    };
  } finally {
    stranger.close();
  }
};

/** The file of SQLite is removed under two processes. */
export const sqliteRemoved = (): Promise<Finding> =>
  onStage(
    ({ url }) => ({
      accounts: { aws: { ...account(url), requestsPerSecond: 2_000 } },
      store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys: ['env:SEAL'] },
      audit: { sink: { kind: 'file', path: 'audit-%p.jsonl' }, key: 'file:audit.pem' },
    }),
    async ({ server, cloud }) => {
      const other = await startAnother(server.folder);
      try {
        await askAll(server, names('before', 5));
        for (const name of readdirSync(server.folder)) {
          if (name.startsWith('store.sqlite')) rmSync(join(server.folder, name));
        }
        await pause(1_100);
        const minted = cloud.calls.length;
        const asked = names('after', 30);
        const [one, two] = await Promise.all([askAtOnce(server, asked), askAtOnce(other, asked)]);
        const doubled = cloud.calls.length - minted - 30;
        return {
          promise: 'processes that share a file share the one that is there',
          fault: 'the file of SQLite removed under two processes, which are then asked the same',
          kept: one.served === 30 && two.served === 30 && doubled === 0,
          figures: `${told(one)}; ${told(two)}; ${doubled} minted twice`,
        };
      } finally {
        other.child.kill('SIGKILL');
        await other.ended;
      }
    },
  );

/** So many more files may be open than are. */
const spareFiles = 3;

/** A process that may open hardly any more files or connections. */
export const filesUsedUp = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server }) => {
      await askAll(server, ['kept']);
      const { pid } = server.child;
      const open = readdirSync(`/proc/${pid}/fd`).length;
      execFileSync('prlimit', ['--pid', String(pid), `--nofile=${open + spareFiles}:`]);
      const crowd = await askAtOnce(server, names('crowd', 40));
      const alone = await askAll(server, Array(10).fill('kept'));
      execFileSync('prlimit', ['--pid', String(pid), '--nofile=1024:']);
      const after = await askAll(server, names('after', 10));
      return {
        promise: 'a process that has used up its files goes on for those who are connected, and recovers at once',
        fault: `room for ${spareFiles} files more, and 40 connections at once`,
        kept: alone.served === 10 && after.served === 10,
        figures: `of the crowd ${crowd.served}; one after the other ${told(alone)}; with room again ${told(after)}`,
      };
    },
  );
