import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import type { Store } from '../../lib/core/store.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { sealed } from '../../lib/stores/sealed.ts';

/** One store, opened for one test, and its clock, which stands still but for `pass`. */
export interface Opened {
  readonly store: Store;
  readonly now: () => Date;
  pass(milliseconds: number): Promise<void>;
  /** All that the store's owner can read, as one text. */
  raw(): Promise<string>;
  close(): Promise<void>;
}

/** How a store is opened, and by how much it may be late: 1 ms, unless its time is not ours to stop. */
export interface Subject {
  open(): Promise<Opened>;
  readonly grain: number;
}

const minute = 60_000;

/** What every store promises, bare and under seal. A new store is a test file of a few lines that calls this. */
export const storeContract = (name: string, subject: Subject): void => {
  promises(name, subject);
  promises(`${name}, under seal`, {
    ...subject,
    open: async () => {
      const opened = await subject.open();
      return { ...opened, store: sealed(opened.store, keyring(new Secret('k'.repeat(32))), opened.now) };
    },
  });

  describe(`what ${name} holds, under seal`, () => {
    it('can neither be read nor guessed by whoever owns the store', async () => {
      const { store, raw, close, now } = await subject.open();
      try {
        const closed = sealed(store, keyring(new Secret('k'.repeat(32))), now);
        const end = new Date(now().getTime() + minute);
        await closed.put('credentials alice', 'wJalrXUtnFEMI', end);
        await closed.lock('credentials bob', end);
        await closed.putAndUnlock('credentials bob', 'wJalrXUtnFEMI', end);
        await closed.acquire('nonce alice', end);
        await closed.consume('quota alice', 7, 10, end);

        const seen = await raw();
        expect(seen).not.toBe('');
        expect(seen).not.toMatch(/alice|bob|wJalrXUtnFEMI|nonce|quota|credentials/);
        expect(seen).not.toContain(Buffer.from('wJalrXUtnFEMI').toString('base64').slice(0, 12));
      } finally {
        await close();
      }
    });
  });
};

const promises = (name: string, { open, grain }: Subject): void => {
  describe(`the ${name} store`, () => {
    const opened: Opened[] = [];
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()));
    });

    const start = async () => {
      const one = await open();
      opened.push(one);
      return { ...one, later: (milliseconds: number) => new Date(one.now().getTime() + milliseconds) };
    };

    it('gives back what was put, and nothing for what was not', async () => {
      const { store, later } = await start();
      expect(await store.put('key', 'value', later(minute))).toBe(true);
      expect(await store.get('key')).toBe('value');
      expect(await store.get('other')).toBeUndefined();
    });

    it.each([
      ['nothing', ''],
      ['JSON', '{"a":"b"}'],
      ['every kind of letter', 'Grüße, 世界 \u0000 🔑'],
      ['a long text', 'x'.repeat(100_000)],
    ])('gives back %s to the letter', async (_, value) => {
      const { store, later } = await start();
      await store.put('key', value, later(minute));
      expect(await store.get('key')).toBe(value);
    });

    it('holds the last value that was put', async () => {
      const { store, later, pass } = await start();
      await store.put('key', 'first', later(minute));
      await store.put('key', 'second', later(5 * minute));
      await pass(2 * minute);
      expect(await store.get('key')).toBe('second');
    });

    it('forgets at the instant of expiration', async () => {
      const { store, later, pass } = await start();
      await store.put('key', 'value', later(minute));
      await pass(minute - grain);
      expect(await store.get('key')).toBe('value');
      await pass(grain);
      expect(await store.get('key')).toBeUndefined();
    });

    it('remembers nothing that had expired when it came', async () => {
      const { store, later } = await start();
      await store.put('key', 'before', later(minute));
      await store.put('key', 'value', later(0));
      expect(await store.get('key')).toBeUndefined();
    });

    it('gives a claim to exactly one of many who race for it', async () => {
      const { store, later } = await start();
      const won = await Promise.all(Array.from({ length: 50 }, () => store.acquire('nonce', later(minute))));
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('refuses a claim until it expires, and gives it again then', async () => {
      const { store, later, pass } = await start();
      expect(await store.acquire('nonce', later(minute))).toBe(true);
      await pass(minute - grain);
      expect(await store.acquire('nonce', later(minute))).toBe(false);
      await pass(grain);
      expect(await store.acquire('nonce', later(minute))).toBe(true);
      expect(await store.acquire('nonce', later(minute))).toBe(false);
    });

    it('does not prolong a claim that is refused', async () => {
      const { store, later, pass } = await start();
      await store.acquire('nonce', later(minute));
      await store.acquire('nonce', later(5 * minute));
      await pass(minute);
      expect(await store.acquire('nonce', later(minute))).toBe(true);
    });

    it('gives a claim that had expired when it came, to be had again', async () => {
      const { store, later, pass } = await start();
      expect(await store.acquire('nonce', later(0))).toBe(true);
      await pass(grain);
      expect(await store.acquire('nonce', later(minute))).toBe(true);
    });

    it('gives a claim again once it is released', async () => {
      const { store, later } = await start();
      await store.release('nonce');
      await store.acquire('nonce', later(minute));
      await store.acquire('other', later(minute));
      await store.release('nonce');
      expect(await store.acquire('nonce', later(minute))).toBe(true);
      expect(await store.acquire('other', later(minute))).toBe(false);
    });

    it('locks a value for exactly one of many who race for it', async () => {
      const { store, later } = await start();
      const locks = await Promise.all(Array.from({ length: 50 }, () => store.lock('key', later(minute))));
      expect(locks.filter((lock) => lock?.isOurs)).toEqual([{ isOurs: true, value: undefined }]);
    });

    it('reads the value that it locks, which others read and put meanwhile', async () => {
      const { store, later } = await start();
      await store.put('key', 'value', later(minute));
      expect(await store.lock('key', later(minute))).toEqual({ isOurs: true, value: 'value' });
      expect(await store.get('key')).toBe('value');
      await store.put('key', 'other', later(minute));
      expect(await store.get('key')).toBe('other');
      expect(await store.lock('key', later(minute))).toEqual({ isOurs: false });
    });

    it('puts a value and unlocks it, so that the next one who locks it reads what was put', async () => {
      const { store, later } = await start();
      await store.lock('key', later(minute));
      expect(await store.putAndUnlock('key', 'value', later(minute))).toBe(true);
      expect(await store.get('key')).toBe('value');
      expect(await store.lock('key', later(minute))).toEqual({ isOurs: true, value: 'value' });
    });

    it('unlocks a value as it is, whether there is any', async () => {
      const { store, later } = await start();
      await store.unlock('none');
      expect(await store.get('none')).toBeUndefined();
      await store.lock('none', later(minute));
      await store.unlock('none');
      await store.put('key', 'value', later(minute));
      await store.lock('key', later(minute));
      await store.unlock('key');
      expect(await store.lock('none', later(minute))).toEqual({ isOurs: true, value: undefined });
      expect(await store.lock('key', later(minute))).toEqual({ isOurs: true, value: 'value' });
    });

    it('keeps a lock until it expires, and the value for as long as it lives', async () => {
      const { store, later, pass } = await start();
      await store.put('key', 'value', later(5 * minute));
      await store.lock('key', later(minute));
      await store.lock('key', later(5 * minute));
      await pass(minute - grain);
      expect(await store.lock('key', later(minute))).toEqual({ isOurs: false });
      await pass(grain);
      expect(await store.lock('key', later(minute))).toEqual({ isOurs: true, value: 'value' });
      await pass(4 * minute);
      expect(await store.lock('key', later(minute))).toEqual({ isOurs: true, value: undefined });
    });

    it('unlocks, and remembers nothing, if what is put had expired when it came', async () => {
      const { store, later } = await start();
      await store.put('key', 'before', later(minute));
      await store.lock('key', later(minute));
      await store.putAndUnlock('key', 'value', later(0));
      expect(await store.lock('key', later(minute))).toEqual({ isOurs: true, value: undefined });
    });

    it('grants what is asked, then what is left, then nothing', async () => {
      const { store, later } = await start();
      expect(await store.consume('quota', 6, 10, later(minute))).toBe(6);
      expect(await store.consume('quota', 6, 10, later(minute))).toBe(4);
      expect(await store.consume('quota', 6, 10, later(minute))).toBe(0);
      expect(await store.consume('other', 60, 10, later(minute))).toBe(10);
    });

    it.each([0, -3])('grants nothing to who asks for %i', async (amount) => {
      const { store, later } = await start();
      expect(await store.consume('quota', amount, 10, later(minute))).toBe(0);
      expect(await store.consume('quota', 10, 10, later(minute))).toBe(10);
    });

    it('keeps to the limit of the moment, where it falls or rises', async () => {
      const { store, later } = await start();
      expect(await store.consume('quota', 6, 10, later(minute))).toBe(6);
      expect(await store.consume('quota', 1, 5, later(minute))).toBe(0);
      expect(await store.consume('quota', 9, 12, later(minute))).toBe(6);
    });

    it('never grants more than there is to many who take at once', async () => {
      const { store, later } = await start();
      const take = async (): Promise<number> => (await store.consume('quota', 3, 40, later(minute))) ?? 0;
      const granted = await Promise.all(Array.from({ length: 20 }, take));
      expect(granted.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(40);
      expect(granted[0]).toBeGreaterThan(0);
      // Whoever comes after them gets the rest, if the race left any.
      const sum = granted.reduce((total, one) => total + one, 0);
      expect(await store.consume('quota', 40, 40, later(minute))).toBe(40 - sum);
    });

    it('counts from nothing at the expiration that the first taker gave', async () => {
      const { store, later, pass } = await start();
      await store.consume('quota', 6, 10, later(minute));
      await store.consume('quota', 1, 10, later(5 * minute));
      await pass(minute - grain);
      expect(await store.consume('quota', 9, 10, later(minute))).toBe(3);
      await pass(grain);
      expect(await store.consume('quota', 9, 10, later(minute))).toBe(9);
    });

    it('keeps values, locks, claims and counters of one key apart', async () => {
      const { store, later } = await start();
      await store.put('key', 'value', later(minute));
      expect(await store.acquire('key', later(minute))).toBe(true);
      expect((await store.lock('key', later(minute)))?.isOurs).toBe(true);
      expect(await store.consume('key', 2, 2, later(minute))).toBe(2);
      expect(await store.get('key')).toBe('value');
      await store.release('key');
      expect(await store.lock('key', later(minute))).toEqual({ isOurs: false });
      await store.unlock('key');
      expect(await store.get('key')).toBe('value');
      expect(await store.consume('key', 2, 2, later(minute))).toBe(0);
    });

    it.each([
      ['nothing', ''],
      ['a name that objects inherit', '__proto__'],
      ['another', 'constructor'],
      ['marks', "a b/c:d'%"],
      ['braces', '{x}'],
      ['empty braces', '}{}{'],
      ['other letters', 'ключ'],
      ['a zero', '\u0000'],
      ['a lot', 'long '.repeat(200)],
    ])('takes any text as a key: %s', async (_, key) => {
      const { store, later } = await start();
      expect(await store.get(key)).toBeUndefined();
      expect(await store.acquire(key, later(minute))).toBe(true);
      expect(await store.consume(key, 1, 2, later(minute))).toBe(1);
      expect((await store.lock(key, later(minute)))?.isOurs).toBe(true);
      await store.put(key, 'value', later(minute));
      expect(await store.get(key)).toBe('value');
    });
  });
};

/** A clock that a test moves by hand. */
export const stillClock = () => {
  let at = Date.parse('2026-01-01T00:00:00Z');
  return {
    now: () => new Date(at),
    pass: async (milliseconds: number) => {
      at += milliseconds;
    },
  };
};
