import { memoryStore } from '../../stores/memory.ts';
import type { StoreSettings } from '../../stores/settings.ts';
import type { StoreOpener } from './store-opener.ts';

export const open: StoreOpener<Extract<StoreSettings, { readonly kind: 'memory' }>> = async (_settings, { now }) => ({
  ...memoryStore(now),
  close: async () => undefined,
});
