import type { SqliteSettings } from '../../stores/settings.ts';
import { sqliteStore } from '../../stores/sqlite.ts';
import { withSeal } from './sealing.ts';
import type { StoreOpener } from './store-opener.ts';

export const open: StoreOpener<SqliteSettings> = async (settings, deps, breaker) =>
  withSeal(sqliteStore(settings.path, deps.now, {}, breaker), settings, deps);
