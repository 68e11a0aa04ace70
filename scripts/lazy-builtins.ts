import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);
const namespace = 'lazy-builtin';

/**
 * Modules of Node that the first answer of a function often does not need. `node:http` and `node:https` alone take 5 ms
 * of a cold start.
 */
const costly = /^node:(dns|fs\/promises|http|https|net|tls|zlib)$/;

/** A module with the same exports as another one, which it loads when the first of them is used. */
const deferred = (path: string): string => `
  let loaded;
  for (const name of '${Object.keys(require(path) as object).join(' ')}'.split(' ')) {
    Object.defineProperty(exports, name, { enumerable: true, get: () => (loaded ??= require('${path}'))[name] });
  }`;

/** Lets a bundle load costly modules of Node at their first use, although its sources import them at the top. */
export const lazyBuiltins: Plugin = {
  name: namespace,
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: costly }, ({ path, namespace: from }) =>
      from === namespace ? { path, external: true } : { path, namespace, sideEffects: false },
    );
    onLoad({ filter: costly, namespace }, ({ path }) => ({ contents: deferred(path), loader: 'js' }));
  },
};
