import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startRedis } from '../../test/support/redis-server.ts';
import { askAll, type Finding, names, onStage, type Stage, told } from './trial.ts';

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
