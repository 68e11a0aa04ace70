import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { byPassword } from '../../../lib/auth/keys/by-password.ts';
import { type CallerKey, keysById } from '../../../lib/auth/keys/caller-keys.ts';
import { logins } from '../../../lib/auth/keys/logins.ts';
import { StsError } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { Store } from '../../../lib/core/store.ts';
import { memoryStore } from '../../../lib/stores/memory.ts';
import { keyring } from '../../../lib/stores/seal/keyring.ts';
import { seal } from '../../../lib/stores/seal/seal.ts';
import { expectRefusal, refusalCodeAsync } from '../../support/expect-refusal.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const hours = 3_600_000;
const key: CallerKey = { id: 'AKID1', secret: new Secret('the-secret'), caller: 'ci' };
const admin = { name: 'ci', proof: 'accessKey', accessKeyId: 'AKID1' } as const;
const ring = keyring(new Secret('a'.repeat(32)));

describe('a password', () => {
  const by = (keys: readonly CallerKey[], id: string, secret: string) =>
    refusalCodeAsync(() => byPassword(keysById(keys))(id, new Secret(secret), new Date(start)));

  it('proves the caller whose key it is', () => {
    expect(byPassword(keysById([key]))('AKID1', key.secret, new Date(start))).toEqual(admin);
  });

  it.each([
    ['a wrong secret', 'AKID1', 'the-secreT'],
    ['part of the secret', 'AKID1', 'the-secre'],
    ['more than the secret', 'AKID1', 'the-secret '],
    ['no secret', 'AKID1', ''],
    ['an unknown name', 'AKID2', 'the-secret'],
    ['no name', '', ''],
    ['an inherited name', 'constructor', ''],
  ])('is refused in the same words for %s', async (_name, id, secret) => {
    expect(await by([key], id, secret)).toBe('UnknownKey');
    const say = (one: readonly CallerKey[]) => {
      try {
        byPassword(keysById(one))(id, new Secret(secret), new Date(start));
        return 'allowed';
      } catch (thrown) {
        return (thrown as Error).message;
      }
    };
    expect(say([key])).toBe(say([]));
    expect(say([])).toBe('The name or the password is wrong.');
  });

  it('is no good where its key is not', async () => {
    expect(await by([{ ...key, disabled: true }], 'AKID1', 'the-secret')).toBe('UnknownKey');
    expect(await by([{ ...key, expires: new Date(start) }], 'AKID1', 'the-secret')).toBe('UnknownKey');
  });

  it.each<[object, Partial<CallerKey>, string, string]>([
    [{}, {}, 'AKID1', 'wrong'],
    [{ proofFault: 'KeyUnknown' }, {}, 'AKID2', 'the-secret'],
    [{ proofFault: 'KeyDisabled' }, { disabled: true }, 'AKID1', 'wrong'],
    [{ proofFault: 'KeyExpired' }, { expires: new Date(start) }, 'AKID1', 'the-secret'],
  ])('that is refused is recorded as %j', (detail, changes, id, secret) => {
    const keys = keysById([{ ...key, ...changes }]);
    const refused = expectRefusal(() => byPassword(keys)(id, new Secret(secret), new Date(start)));
    expect([refused.code, refused.detail]).toEqual(['UnknownKey', detail]);
  });
});

describe('a login', () => {
  const open = (keys: readonly CallerKey[] = [key]) => {
    const clock = { now: new Date(start) };
    const store = memoryStore(() => clock.now);
    return { store, book: logins(ring, keysById(keys), store) };
  };
  const at = (milliseconds: number) => new Date(start + milliseconds);

  it('stands for who logged in, for eight hours', async () => {
    const { book } = open();
    const token = book.begin(admin, at(0));
    expect(await book.read(token, at(0))).toEqual({ ...admin, proof: 'login' });
    expect(await refusalCodeAsync(() => book.read(token, at(8 * hours - 1)))).toBe('none');
    expect(await refusalCodeAsync(() => book.read(token, at(8 * hours)))).toBe('TokenExpired');
  });

  it('is read by every instance that has the keys', async () => {
    const token = open().book.begin(admin, at(0));
    expect(await refusalCodeAsync(() => open().book.read(token, at(0)))).toBe('none');
    const others = logins(keyring(new Secret('b'.repeat(32))), keysById([key]), open().store);
    expect(await refusalCodeAsync(() => others.read(token, at(0)))).toBe('InvalidToken');
  });

  it('is over when it is ended, on every instance that shares the store, and no other login is', async () => {
    const { book, store } = open();
    const [one, two] = [book.begin(admin, at(0)), book.begin(admin, at(0))];
    await book.end(one, at(1));
    const elsewhere = logins(ring, keysById([key]), store);
    expect(await refusalCodeAsync(() => elsewhere.read(one, at(2)))).toBe('InvalidToken');
    expect(await refusalCodeAsync(() => elsewhere.read(two, at(2)))).toBe('none');
  });

  it('may be ended twice', async () => {
    const { book } = open();
    const token = book.begin(admin, at(0));
    await book.end(token, at(1));
    expect(await refusalCodeAsync(() => book.end(token, at(1)))).toBe('none');
  });

  it('is neither valid nor invalid while the store is down', async () => {
    const { store } = open();
    const book = logins(ring, keysById([key]), { ...store, consume: async () => undefined });
    const token = book.begin(admin, at(0));
    expect(await refusalCodeAsync(() => book.read(token, at(0)))).toBe('Unavailable');
    expect(await refusalCodeAsync(() => book.end(token, at(0)))).toBe('Unavailable');
  });

  it.each<[string, readonly CallerKey[]]>([
    ['KeyUnknown', []],
    ['KeyDisabled', [{ ...key, disabled: true }]],
    ['KeyExpired', [{ ...key, expires: new Date(start) }]],
  ])('is refused because of its key, which is recorded: %s', async (proofFault, keys) => {
    const token = open().book.begin(admin, at(0));
    await expect(open(keys).book.read(token, at(0))).rejects.toMatchObject({
      code: 'InvalidToken',
      message: 'The session token is not valid.',
      detail: { proofFault },
    });
  });

  it('is over when its key is taken away', async () => {
    const token = open().book.begin(admin, at(0));
    expect(await refusalCodeAsync(() => open([]).book.read(token, at(0)))).toBe('InvalidToken');
    expect(await refusalCodeAsync(() => open([{ ...key, disabled: true }]).book.read(token, at(0)))).toBe(
      'InvalidToken',
    );
  });

  it('is nothing that was closed for another place, or is none of ours', async () => {
    const { book } = open();
    const content = Buffer.from(JSON.stringify({ key: 'AKID1', until: start + hours }));
    for (const text of [seal(ring, 'session AKID1', content), seal(ring, 'login', Buffer.from('null')), '', 'text']) {
      expect(await refusalCodeAsync(() => book.read(new Secret(text), at(0)))).toBe('InvalidToken');
    }
  });

  it('begins for nobody without a key', async () => {
    const { book } = open();
    const token = book.begin({ name: 'ci', proof: 'jwt' }, at(0));
    expect(await refusalCodeAsync(() => book.read(token, at(0)))).toBe('InvalidToken');
  });
});

describe('a token that our own ring has sealed as a login', () => {
  it('stands for its key until its end, whichever version of the service has sealed it', async () => {
    const content = Buffer.from(JSON.stringify({ key: 'AKID1', until: start + hours }));
    const open = logins(
      ring,
      keysById([key]),
      memoryStore(() => new Date(start)),
    );
    expect(await open.read(new Secret(seal(ring, 'login', content)), new Date(start))).toEqual({
      ...admin,
      proof: 'login',
    });
  });

  it.each([
    ['no key', { until: start + hours }],
    ['a key that is no text', { key: 1, until: start + hours }],
    ['no end', { key: 'AKID1' }],
    ['an end that is no number', { key: 'AKID1', until: '9'.repeat(13) }],
    ['nothing', {}],
    ['a list', ['AKID1']],
  ])('is none with %s', async (_, content) => {
    const token = new Secret(seal(ring, 'login', Buffer.from(JSON.stringify(content))));
    const store = memoryStore(() => new Date(start));
    const refused = await logins(ring, keysById([key]), store)
      .read(token, new Date(start))
      .catch((thrown: unknown) => StsError.from(thrown));
    expect(refused).toMatchObject({ code: 'InvalidToken' });
    expect(refused).toHaveProperty('detail', {});
  });

  it('is known to the store by a name that every version of the service gives it', async () => {
    const asked: unknown[] = [];
    const store: Store = {
      ...memoryStore(() => new Date(start)),
      consume: async (...all) => {
        asked.push(all);
        return all[1];
      },
    };
    const open = logins(ring, keysById([key]), store);
    const token = open.begin(admin, new Date(start));
    await open.read(token, new Date(start + hours));
    await open.end(token, new Date(start + hours));
    const name = `login uses ${createHash('sha256').update(token.reveal()).digest('base64url')}`;
    expect(asked).toEqual([
      [name, 1, 2_147_483_647, new Date(start + 8 * hours), 'ci'],
      [name, 2_147_483_647, 2_147_483_647, new Date(start + 9 * hours), 'ci'],
    ]);
  });

  it('says to the store whose it is, when it is read and when it is ended', async () => {
    const shares: (string | undefined)[] = [];
    const store = {
      ...memoryStore(() => new Date(start)),
      consume: async (_key: string, amount: number, _limit: number, _end: Date, share?: string) => {
        shares.push(share);
        return amount;
      },
    };
    const open = logins(ring, keysById([key]), store);
    const token = open.begin(admin, new Date(start));
    await open.read(token, new Date(start));
    await open.end(token, new Date(start));
    await open.end(new Secret('none of ours'), new Date(start));
    await logins(ring, keysById([]), store).end(token, new Date(start));
    expect(shares).toEqual(['ci', 'ci', undefined, undefined]);
  });

  it('is refused in words that say that it may pass, while the store cannot be asked', async () => {
    const store = { ...memoryStore(() => new Date(start)), consume: async () => undefined };
    const open = logins(ring, keysById([key]), store);
    const token = open.begin(admin, new Date(start));
    await expect(open.read(token, new Date(start))).rejects.toThrow('Whether the login has ended cannot be told now.');
    await expect(open.end(token, new Date(start))).rejects.toThrow('The end of the login cannot be stored now.');
  });
});
