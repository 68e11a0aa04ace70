import { existsSync, readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import type { StoreSettings } from '../lib/stores/settings.ts';

/** What a store is called in the configuration. */
export type StoreKind = StoreSettings['kind'];

const kinds: readonly StoreKind[] = ['memory', 'sqlite', 'redis', 'dynamodb'];

/** The kind of store that a configuration file names; memory if there is no such file. */
export const configuredStore = (path: string): StoreKind => {
  if (!existsSync(path)) return 'memory';
  const { store } = JSON.parse(readFileSync(path, 'utf8')) as { readonly store?: { readonly kind?: string } };
  const named = store?.kind ?? 'memory';
  const kind = kinds.find((each) => each === named);
  if (kind === undefined) throw new Error(`${path}: the kind of store ${named} is not known.`);
  return kind;
};

const namespace = 'left-out';
const opener = /\/stores\/(sqlite|redis|dynamodb)\.ts$/;

/**
 * Leaves every store but one out of a bundle, with everything that it needs. `lib/app/open-store.ts` finds no `open` in
 * the others, and says so if a configuration names one of them.
 */
export const oneStore = (kind: StoreKind): Plugin => ({
  name: 'one-store',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: opener }, ({ path, kind: how }) =>
      how !== 'dynamic-import' || opener.exec(path)?.[1] === kind ? undefined : { path, namespace },
    );
    onLoad({ filter: opener, namespace }, () => ({ contents: 'export const open = undefined;', loader: 'js' }));
  },
});
