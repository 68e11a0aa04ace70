import { StsError } from '../core/errors.ts';
import type { OpenStore } from '../core/store.ts';
import { memoryStore } from '../stores/memory.ts';
import type { StoreSettings } from '../stores/settings.ts';
import type { AppDeps } from './compose.ts';

/** What stores are opened with. */
export type StoreDeps = Pick<AppDeps, 'transport' | 'now'>;

/** Opens one kind of store, or throws what is wrong with its settings. */
export type StoreOpener<Settings> = (settings: Settings, deps: StoreDeps) => Promise<OpenStore>;

/**
 * Opens the store that the configuration names. Each but memory is a module of its own, loaded only here: `npm run build`
 * leaves those out of a function that are not configured, and what is left out has no `open`.
 */
export const openStore = async (settings: StoreSettings, deps: StoreDeps): Promise<OpenStore> => {
  switch (settings.kind) {
    case 'memory':
      return { ...memoryStore(deps.now), close: async () => undefined };
    case 'sqlite':
      return requireBundled((await import('./stores/sqlite.ts')).open)(settings, deps);
    case 'redis':
      return requireBundled((await import('./stores/redis.ts')).open)(settings, deps);
    case 'dynamodb':
      return requireBundled((await import('./stores/dynamodb.ts')).open)(settings, deps);
  }
};

const requireBundled = <Settings>(open: StoreOpener<Settings> | undefined): StoreOpener<Settings> => {
  if (open !== undefined) return open;
  throw new StsError('Misconfigured', 'This function was built without the store that its configuration names.');
};
