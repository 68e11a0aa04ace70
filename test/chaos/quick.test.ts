import { describe, expect, it } from 'vitest';
import { secondWriter, tailCut } from '../../bench/chaos/audit.ts';
import { stoppedInOutput } from '../../bench/chaos/collected.ts';
import { sqliteRemoved } from '../../bench/chaos/refusing-stores.ts';
import { accountKey, auditKey } from '../../bench/chaos/rotations.ts';
import { redisStopped, sqliteLocked } from '../../bench/chaos/stores.ts';
import { hasRedis } from '../support/redis-server.ts';

// The quick ones of `npm run chaos`, by real processes.
describe('promises', { timeout: 60_000 }, () => {
  it.skipIf(!hasRedis)('are kept while Redis is stopped (skipped if the program is not installed)', async () => {
    expect(await redisStopped()).toMatchObject({ kept: true });
  });

  it('are kept while another process has SQLite locked', async () => {
    expect(await sqliteLocked()).toMatchObject({ kept: true });
  });

  it('are kept when the file of SQLite is removed', async () => {
    expect(await sqliteRemoved()).toMatchObject({ kept: true });
  });

  it('are kept when a second process is started with the same audit file', async () => {
    expect(await secondWriter()).toMatchObject({ kept: true });
  });

  it('are kept when lines of a killed process are cut off', async () => {
    expect(await tailCut()).toMatchObject({ kept: true });
  });

  it('are kept when collected lines of a killed process are cut off', async () => {
    expect(await stoppedInOutput()).toMatchObject({ kept: true });
  });

  it('are kept when an account’s key is replaced on disk', async () => {
    expect(await accountKey()).toMatchObject({ kept: true });
  });

  it('are kept when the audit key is replaced', async () => {
    expect(await auditKey()).toMatchObject({ kept: true });
  });
});
