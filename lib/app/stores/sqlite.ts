import type { SqliteSettings } from '../../stores/settings.ts';
import { sqliteStore } from '../../stores/sqlite.ts';
import type { StoreOpener } from '../store.ts';
import { underSeal } from './sealing.ts';

export const open: StoreOpener<SqliteSettings> = async (settings, deps) =>
  underSeal(sqliteStore(settings.path, deps.now), settings, deps);
