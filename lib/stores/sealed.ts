import { createHmac } from 'node:crypto';
import type { Store } from '../core/store.ts';
import type { Keyring, RingKey } from './seal/keyring.ts';
import { open, seal } from './seal/seal.ts';

// What the owner of the store sees: names derived with a key, so that none can be guessed; values sealed with their key
// and expiration, so that none opens under another name or after its time; and counters, which are numbers under such
// names. The owner can make the store forget or refuse, claims and counters too: sealing does not prevent that.
//
// Keys rotate with overlap: [old], then [old, new] everywhere, then [new, old], then [new]. A value is looked up under
// the name by each key and kept under the name by the current one, so while rings differ, a reader may find the value
// before the last. But a claim must exclude every other claim for the key, whichever of these rings it is made with: so
// it is made under the name by every key of the ring, always in the same order. Any two rings that share a key then
// exclude each other. Counters work the same way. Outside of a rotation there is one name.

const nameOf = (key: RingKey, text: string): string =>
  createHmac('sha256', key.naming).update(text).digest('base64url');

/** Seals everything that a store is given: it never sees a key or a value, and cannot exchange or prolong them. */
export const sealed = (store: Store, ring: Keyring, now: () => Date): Store => {
  const everyKey = [...ring.keys.values()].sort((one, other) => (one.kid < other.kid ? -1 : 1));
  const currentFirst = [ring.current, ...everyKey.filter((key) => key !== ring.current)];
  const names = (text: string): string[] => everyKey.map((key) => nameOf(key, text));
  const contextOf = (key: string): string => `store ${key}`;

  const opening = (key: string, closed: string | undefined) =>
    closed === undefined ? undefined : open(ring, contextOf(key), closed)?.value;

  /** What was put, if it has not expired. */
  const textOf = (content: Buffer): string | undefined =>
    content.readDoubleBE() > now().getTime() ? content.toString('utf8', 8) : undefined;

  const closing = (key: string, value: string, expiration: Date): string => {
    const content = Buffer.alloc(8 + Buffer.byteLength(value));
    content.writeDoubleBE(expiration.getTime());
    content.write(value, 8);
    return seal(ring, contextOf(key), content);
  };

  return {
    get: async (key) => {
      for (const ringKey of currentFirst) {
        const content = opening(key, await store.get(nameOf(ringKey, key)));
        if (content !== undefined) return textOf(content);
      }
      return undefined;
    },

    put: (key, value, expiration) => store.put(nameOf(ring.current, key), closing(key, value, expiration), expiration),

    lock: async (key, expiration) => {
      const found = new Map<RingKey, string | undefined>();
      for (const ringKey of everyKey) {
        const lock = await store.lock(nameOf(ringKey, key), expiration);
        if (!lock?.isOurs) {
          await Promise.all([...found.keys()].map((mine) => store.unlock(nameOf(mine, key))));
          return lock;
        }
        found.set(ringKey, lock.value);
      }
      const contents = currentFirst.map((ringKey) => opening(key, found.get(ringKey)));
      const content = contents.find((each) => each !== undefined);
      return { isOurs: true, value: content && textOf(content) };
    },

    putAndUnlock: async (key, value, expiration) => {
      const kept = await store.putAndUnlock(nameOf(ring.current, key), closing(key, value, expiration), expiration);
      const others = everyKey.filter((ringKey) => ringKey !== ring.current);
      await Promise.all(others.map((ringKey) => store.unlock(nameOf(ringKey, key))));
      return kept;
    },

    unlock: async (key) => {
      await Promise.all(names(key).map((name) => store.unlock(name)));
    },

    acquire: async (key, expiration, share) => {
      const won: string[] = [];
      for (const name of names(key)) {
        const isWon = await store.acquire(name, expiration, share);
        if (!isWon) {
          await Promise.all(won.map((mine) => store.release(mine)));
          return isWon;
        }
        won.push(name);
      }
      return true;
    },

    release: async (key) => {
      await Promise.all(names(key).map((name) => store.release(name)));
    },

    consume: async (key, amount, limit, expiration, share) => {
      // What one name granted and the next did not is lost until the counter expires: too few, never too many.
      let granted: number | undefined = Math.max(0, amount);
      for (const name of names(key)) {
        if (granted !== undefined && granted > 0)
          granted = await store.consume(name, granted, limit, expiration, share);
      }
      return granted;
    },
  };
};
