import { describe, expect, it } from 'vitest';
import { keysById } from '../../lib/auth/keys/caller-keys.ts';
import { logins } from '../../lib/auth/keys/logins.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Store } from '../../lib/core/store.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { refusalCodeAsync } from '../support/expect-refusal.ts';
import { downStore as down } from '../support/store-wrappers.ts';

// A login that was ended is shown again, once the store has forgotten that it was, or cannot say so.

const now = new Date('2026-01-01T00:00:00Z');
const keys = keysById([{ id: 'AKID1', secret: new Secret('the-secret'), caller: 'ci' }]);
const admin = { name: 'ci', proof: 'accessKey', accessKeyId: 'AKID1' } as const;
const open = (store: Store) => logins(keyring(new Secret('a'.repeat(32))), keys, store);

describe('a login that was ended', () => {
  it('stays ended, however much the store is given to remember', async () => {
    const store = memoryStore(() => now, 100);
    const [ended, other] = [open(store).begin(admin, now), open(store).begin(admin, now)];
    expect((await open(store).read(other, now)).name).toBe('ci');
    await open(store).end(ended, now);
    for (let index = 0; index < 1000; index++) {
      await store.put(`value ${index}`, 'x', new Date(now.getTime() + 1000));
      await store.acquire(`claim ${index}`, new Date(now.getTime() + 1000));
      const third = open(store).begin(admin, new Date(now.getTime() + index));
      await refusalCodeAsync(() => open(store).read(third, now));
      await refusalCodeAsync(() => open(store).end(third, now));
    }
    expect(await refusalCodeAsync(() => open(store).read(ended, now))).toBe('InvalidToken');
    expect(await refusalCodeAsync(() => open(store).read(other, now))).toBe('none');
  });

  it('stays ended until its last instant', async () => {
    const clock = { now };
    const store = memoryStore(() => clock.now);
    const token = open(store).begin(admin, now);
    await open(store).end(token, now);
    clock.now = new Date(now.getTime() + 8 * 3_600_000 - 1);
    expect(await refusalCodeAsync(() => open(store).read(token, clock.now))).toBe('InvalidToken');
  });

  it('is not believed while the store cannot be reached, nor is its end', async () => {
    const store = memoryStore(() => now);
    const token = open(store).begin(admin, now);
    expect(await refusalCodeAsync(() => open(down).read(token, now))).toBe('Unavailable');
    expect(await refusalCodeAsync(() => open(down).end(token, now))).toBe('Unavailable');
  });
});
