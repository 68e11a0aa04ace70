import { StsError } from '../core/errors.ts';
import type { OpenStore } from '../core/store.ts';
import { memoryStore } from '../stores/memory.ts';
import type { StoreSettings } from '../stores/settings.ts';
import type { StoreBreaker } from '../stores/store-breaker.ts';
import type { StoreDeps, StoreOpener } from './stores/store-opener.ts';

/**
 * Opens the store that the configuration names. Each kind but memory is a module of its own, imported only here:
 * `npm run build` leaves the kinds that are not configured out of a function, and a module that was left out has no
 * `open`.
 */
export const openStore = async (
  settings: StoreSettings,
  deps: StoreDeps,
  breaker: StoreBreaker,
): Promise<OpenStore> => {
  switch (settings.kind) {
    case 'memory':
      return { ...memoryStore(deps.now), close: async () => undefined };
    case 'sqlite':
      return requireBundled((await import('./stores/sqlite.ts')).open)(settings, deps, breaker);
    case 'redis':
      return requireBundled((await import('./stores/redis.ts')).open)(settings, deps, breaker);
    case 'dynamodb':
      return requireBundled((await import('./stores/dynamodb.ts')).open)(settings, deps, breaker);
  }
};

const requireBundled = <Settings>(open: StoreOpener<Settings> | undefined): StoreOpener<Settings> => {
  if (open !== undefined) return open;
  throw new StsError('Misconfigured', 'This function was built without the store that its configuration names.');
};
