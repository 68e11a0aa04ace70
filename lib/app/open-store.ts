import { carried } from '../core/carried.ts';
import type { OpenStore } from '../core/store.ts';
import type { StoreSettings } from '../stores/settings.ts';
import type { StoreBreaker } from '../stores/store-breaker.ts';
import type { StoreDeps, StoreOpener } from './stores/store-opener.ts';

interface Opening<Settings> {
  readonly open: StoreOpener<Settings>;
}

/** Loaded when one is opened, as ioredis alone takes long. A function is built without those that it does not use. */
const stores: {
  readonly [Kind in StoreSettings['kind']]: () => Promise<Opening<Extract<StoreSettings, { readonly kind: Kind }>>>;
} = {
  memory: () => import('./stores/memory.ts'),
  sqlite: () => import('./stores/sqlite.ts'),
  redis: () => import('./stores/redis.ts'),
  dynamodb: () => import('./stores/dynamodb.ts'),
};

/** Opens the store that the configuration names. */
export const openStore = async (
  settings: StoreSettings,
  deps: StoreDeps,
  breaker: StoreBreaker,
): Promise<OpenStore> => {
  // The type of the list pairs kind and settings; a lookup by a union of kinds loses that.
  const load = carried(stores[settings.kind] as () => Promise<Opening<StoreSettings>>, `the store ${settings.kind}`);
  return (await load()).open(settings, deps, breaker);
};
