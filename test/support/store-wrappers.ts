import type { Store } from '../../lib/core/store.ts';

/** What stands between a store and who asks it: `ask` asks the store itself. */
export type Around = <Value>(operation: keyof Store, key: string, ask: () => Promise<Value>) => Promise<Value>;

/** A store each of whose operations goes through something. */
export const storeThrough = (store: Store, around: Around): Store => ({
  get: (key) => around('get', key, () => store.get(key)),
  put: (key, ...all) => around('put', key, () => store.put(key, ...all)),
  lock: (key, ...all) => around('lock', key, () => store.lock(key, ...all)),
  putAndUnlock: (key, ...all) => around('putAndUnlock', key, () => store.putAndUnlock(key, ...all)),
  unlock: (key) => around('unlock', key, () => store.unlock(key)),
  acquire: (key, ...all) => around('acquire', key, () => store.acquire(key, ...all)),
  release: (key) => around('release', key, () => store.release(key)),
  consume: (key, ...all) => around('consume', key, () => store.consume(key, ...all)),
});

/** A store that is another one for each request. */
export const storeOf = (choose: () => Promise<Store>): Store => ({
  get: async (...all) => (await choose()).get(...all),
  put: async (...all) => (await choose()).put(...all),
  lock: async (...all) => (await choose()).lock(...all),
  putAndUnlock: async (...all) => (await choose()).putAndUnlock(...all),
  unlock: async (...all) => (await choose()).unlock(...all),
  acquire: async (...all) => (await choose()).acquire(...all),
  release: async (...all) => (await choose()).release(...all),
  consume: async (...all) => (await choose()).consume(...all),
});

/** A store that is down. */
export const downStore: Store = {
  get: async () => undefined,
  put: async () => false,
  lock: async () => undefined,
  putAndUnlock: async () => false,
  unlock: async () => undefined,
  acquire: async () => undefined,
  release: async () => undefined,
  consume: async () => undefined,
};

/** Asks a store for one of each operation. */
export const askForEach = (store: Store, expiration: Date) =>
  Promise.all([
    store.get('key'),
    store.put('key', 'value', expiration),
    store.lock('key', expiration),
    store.putAndUnlock('key', 'value', expiration),
    store.unlock('key'),
    store.acquire('nonce', expiration),
    store.release('nonce'),
    store.consume('quota', 1, 1, expiration),
  ]);

/** What `askForEach` resolves to if the store is down. */
export const downAnswers: readonly unknown[] = [
  undefined,
  false,
  undefined,
  false,
  undefined,
  undefined,
  undefined,
  undefined,
];
