import { describe, expect, it } from 'vitest';
import { secondWriter } from '../../bench/chaos/audit.ts';
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

  it('are kept when a second process is started with the same audit file', async () => {
    expect(await secondWriter()).toMatchObject({ kept: true });
  });
});
