import { describe, expect, it } from 'vitest';
import type { Account } from '../../lib/core/cloud.ts';
import type { Identity } from '../../lib/core/credentials.ts';
import { StsError } from '../../lib/core/errors.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { CloudSource } from '../../lib/mint/cloud-source.ts';
import { reloadKeys } from '../../lib/mint/key-reload.ts';

const account: Account = {
  name: 'aws',
  cloud: 'aws',
  endpoint: new URL('https://sts.example.com'),
  key: { id: 'AKIDOLD', secret: new Secret('old') },
};
const deadline = { signal: new AbortController().signal };

/** A cloud that accepts one key, and a reader of keys that returns another. */
const deps = (taken: string, given: string) => {
  const state = { taken, given, asked: 0, read: 0, now: 0 };
  const accounts = new Map([['aws', account]]);
  const source: CloudSource = {
    credentials: () => Promise.reject(new StsError('Internal')),
    identity: async ({ key }) => {
      state.asked++;
      if (key?.id !== state.taken) throw new StsError('AccountRefused');
      return { arn: 'arn', accountId: '1', id: '1' } as unknown as Identity;
    },
  };
  const reread = async () => {
    state.read++;
    return { id: state.given, secret: new Secret(state.given) };
  };
  const monotonicMs = () => state.now;
  const renewed = reloadKeys(source, { accounts, keyReaders: new Map([['aws', reread]]), monotonicMs });
  return { state, ask: () => renewed.identity(account, deadline) };
};

describe('an account whose key the cloud refuses', () => {
  it('is used with its new key, from then on too', async () => {
    const { state, ask } = deps('AKIDNEW', 'AKIDNEW');
    await ask();
    await ask();

    expect(state).toMatchObject({ read: 1, asked: 3 });
  });

  it('is refused as before if there is no other key, and the key is not read for each refusal', async () => {
    const { state, ask } = deps('AKIDOTHER', 'AKIDWRONG');
    for (let times = 0; times < 5; times++) await expect(ask()).rejects.toMatchObject({ code: 'AccountRefused' });
    expect(state.read).toBe(1);
    state.now = 1_000;
    state.given = 'AKIDOTHER';
    await ask();

    expect(state.read).toBe(2);
  });

  it('has its key read less and less often while that stays wrong, once a minute in the end, and soon again after it changed', async () => {
    const { state, ask } = deps('AKIDNEW', 'AKIDWRONG');
    const readAt: number[] = [];
    for (; state.now < 300_000; state.now += 500) {
      const before = state.read;
      await ask().catch(() => undefined);
      if (state.read > before) readAt.push(state.now / 1000);
    }
    expect(readAt).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
    state.now = 304_000;
    state.given = 'AKIDNEW';
    await ask();
    state.taken = 'AKIDNEWER';
    state.given = 'AKIDNEWER';
    state.now += 1_000;
    await ask();
  });

  it('has its key read once, however many are refused at the same time', async () => {
    const { state, ask } = deps('AKIDNEW', 'AKIDNEW');
    await Promise.all([ask(), ask(), ask()]);

    expect(state.read).toBe(1);
  });
});
