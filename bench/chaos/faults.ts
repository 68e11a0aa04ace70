import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Cloud, openCloud } from '../../test/support/fake-cloud.ts';
import { startRedis } from '../../test/support/redis-server.ts';
import { account, type ServerProcess, startAnother, startServer } from '../../test/support/server-process.ts';

/** One row of the table: what is promised, what was done, what happened. */
export interface Finding {
  readonly promise: string;
  readonly fault: string;
  readonly kept: boolean;
  readonly figures: string;
}

/** Real processes: a server, and a cloud that counts. */
interface Stage {
  readonly server: ServerProcess;
  readonly cloud: Cloud;
}

/** Runs a trial against a server of its own. */
const onStage = async (
  config: (cloud: Cloud) => object,
  trial: (stage: Stage) => Promise<Finding>,
): Promise<Finding> => {
  const cloud = await openCloud();
  // Without its store a process lets itself have a twentieth of this: more than a trial asks for in a second.
  const aws = { ...account(cloud.url), requestsPerSecond: 2_000 };
  const server = await startServer({ accounts: { aws }, ...config(cloud) });
  try {
    return await trial({ server, cloud });
  } finally {
    await server.close();
    await cloud.close();
  }
};

interface Tally {
  readonly served: number;
  readonly asked: number;
  readonly slowestMs: number;
}

/** Asks one name after another, and counts who was served. */
const askAll = async (server: ServerProcess, names: readonly string[]): Promise<Tally> => {
  let served = 0;
  let slowestMs = 0;
  for (const name of names) {
    const began = performance.now();
    if ((await server.assume(name)).status === 200) served++;
    slowestMs = Math.max(slowestMs, performance.now() - began);
  }
  return { served, asked: names.length, slowestMs: Math.round(slowestMs) };
};

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

const told = ({ served, asked, slowestMs }: Tally): string => `${served} of ${asked} served, slowest ${slowestMs} ms`;

/** New credentials while the store hangs: the first may wait for it, the others not. */
const whileStoreHangs = async (fault: string, { server }: Stage, hang: () => void): Promise<Finding> => {
  await askAll(server, ['kept']);
  hang();
  const first = await askAll(server, ['first']);
  const others = await askAll(server, names('new', 30));
  const kept = await askAll(server, Array(10).fill('kept'));
  return {
    promise: 'new credentials 100 % through every store fault, 300 ms slower at most after the first',
    fault,
    kept: first.served === 1 && others.served === 30 && kept.served === 10 && others.slowestMs < 300,
    figures: `first ${first.slowestMs} ms; then ${told(others)}; kept ${told(kept)}`,
  };
};

export const redisStopped = async (): Promise<Finding> => {
  const redis = await startRedis();
  try {
    return await onStage(
      () => ({ store: { kind: 'redis', url: `redis://127.0.0.1:${redis.port}`, sealingKeys: ['env:SEAL'] } }),
      (stage) => whileStoreHangs('Redis stopped (SIGSTOP)', stage, redis.freeze),
    );
  } finally {
    redis.resume();
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

const recordsIn = (folder: string): readonly string[] =>
  readFileSync(join(folder, 'audit.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"credmint.outcome":"Done"'));

/** What was given out is in the log of a process that is killed in the midst of it. */
const killed = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server, cloud }) => {
      const asking = names('run', 200).map((name) =>
        server.assume(name).then(
          ({ status }) => status === 200,
          () => false,
        ),
      );
      await cloud.came(50);
      await Promise.race(asking);
      server.child.kill('SIGKILL');
      const given = (await Promise.all(asking)).filter(Boolean).length;
      const recorded = recordsIn(server.folder).length;
      return {
        promise: 'no credential without its record',
        fault: 'the process killed (SIGKILL) under 200 requests',
        kept: recorded >= given,
        figures: `${given} given, ${recorded} recorded, ${cloud.calls.length} minted`,
      };
    },
  );

/** A process writes an audit file alone. */
export const secondWriter = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server }) => {
      await server.assume('one');
      const refusal = await startAnother(server.folder).then(
        async (other) => {
          other.child.kill('SIGKILL');
          return 'it started';
        },
        (thrown: Error) => thrown.message.split('\n').at(-1) ?? '',
      );
      return {
        promise: 'an audit file has one writer',
        fault: 'a second process with the same audit file',
        kept: refusal.includes('Another process writes the audit file'),
        figures: refusal.replace(server.folder, '.'),
      };
    },
  );

/** A cloud that goes away and comes back. */
const cloudGone = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server, cloud }) => {
      await askAll(server, ['kept']);
      cloud.failing = true;
      for (const name of names('lost', 12)) await server.assume(name);
      const kept = await askAll(server, Array(20).fill('kept'));
      cloud.failing = false;
      const began = performance.now();
      let tries = 0;
      while ((await server.assume(`back-${++tries}`)).status !== 200 && performance.now() - began < 30_000) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const seconds = (performance.now() - began) / 1000;
      return {
        promise: 'kept credentials 100 % through every cloud fault; the first new ones within 5 s of its return',
        fault: 'the cloud says 503, and is back',
        kept: kept.served === 20 && seconds <= 5,
        figures: `kept ${told(kept)}; first new after ${seconds.toFixed(1)} s`,
      };
    },
  );

/** Lets a process write no file beyond so many bytes, as a full disk does. */
const limitFiles = (pid: number | undefined, bytes: string): void => {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
};

/** The disk of the audit trail is full, and has room again. */
const diskFull = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server, cloud }) => {
      await askAll(server, ['kept']);
      limitFiles(server.child.pid, String(statSync(join(server.folder, 'audit.jsonl')).size));
      const refused = await Promise.all(names('full', 600).map((name) => server.assume(name)));
      const minted = cloud.calls.length;
      const late = await Promise.all(names('late', 50).map((name) => server.assume(name)));
      const ready = (await server.get('/ready')).status;
      const mintedWhileDown = cloud.calls.length - minted;
      limitFiles(server.child.pid, 'unlimited');
      const began = performance.now();
      while ((await server.get('/ready')).status !== 200 && performance.now() - began < 10_000);
      const seconds = (performance.now() - began) / 1000;
      const after = await askAll(server, names('after', 10));
      const given = [...refused, ...late].filter(({ status }) => status === 200).length;
      const are503 = [...refused, ...late].every(
        ({ status, headers }) => status === 503 && headers['retry-after'] === '1',
      );
      return {
        promise: 'no credential without its record; 503 with Retry-After; recovery within a second of the sink',
        fault: 'the disk of the audit file full for 600 requests at once, then for 50 more',
        kept: given === 0 && are503 && ready === 503 && mintedWhileDown === 0 && after.served === 10 && seconds <= 1,
        figures: `${given} given; ${mintedWhileDown} minted of the 50; ready again after ${seconds.toFixed(2)} s; ${told(after)}`,
      };
    },
  );

export const allTrials = [redisStopped, sqliteLocked, secondWriter, diskFull, killed, cloudGone];
