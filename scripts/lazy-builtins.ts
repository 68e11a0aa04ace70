import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);
const namespace = 'lazy-builtin';

/**
 * Node's modules that a first answer may well do without, most of them for the network. `node:http` and `node:https`
 * alone are 5 ms of cold start.
 */
const costly = /^node:(dns|fs\/promises|http|https|net|tls|zlib)$/;

/** A module that has every name of another one, and loads it when the first of them is used. */
const deferred = (path: string): string => `
  let loaded;
  for (const name of '${Object.keys(require(path) as object).join(' ')}'.split(' ')) {
    Object.defineProperty(exports, name, { enumerable: true, get: () => (loaded ??= require('${path}'))[name] });
  }`;

/** Lets a bundle load costly modules of Node when it uses them, though its sources import them at their top. */
export const lazyBuiltins: Plugin = {
  name: namespace,
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: costly }, ({ path, namespace: from }) =>
      from === namespace ? { path, external: true } : { path, namespace, sideEffects: false },
    );
    onLoad({ filter: costly, namespace }, ({ path }) => ({ contents: deferred(path), loader: 'js' }));
  },
};
