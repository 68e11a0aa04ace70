import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { lazyBuiltins } from './lazy-builtins.ts';
import { oneStore, type StoreKind } from './one-store.ts';
import { withoutDescriptions } from './without-descriptions.ts';

/** The repository's own folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Where a bundle runs, and the oldest Node that it meets there. */
export const targets = {
  aws: 'node22',
  // Nodejs20.19 is the newest runtime that SCF is known to manage.
  tencent: 'node20',
} as const;

export type Target = keyof typeof targets;

export interface Bundle {
  readonly outfile: string;
  readonly metafile: Metafile;
}

/** Every deployed function: one file of functions/ each, named exactly like it. */
export const functionNames = (): string[] =>
  readdirSync(join(root, 'functions'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();

const settings = (target: Target, store: StoreKind) =>
  ({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    target: targets[target],
    // Or esbuild makes a call of each such pattern, which nobody uses and nobody dares to leave out.
    supported: { 'regexp-unicode-property-escapes': true },
    // CommonJS: in an ES module `import 'node:http'` alone costs 45 ms of cold start on Node 22 and later.
    format: 'cjs',
    // Packages' ES modules first: they are the ones that can be tree-shaken.
    mainFields: ['module', 'main'],
    // The artifact says nothing of its sources; the map beside it, which is not deployed, does.
    sourcemap: 'external',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [lazyBuiltins, oneStore(store), withoutDescriptions],
  }) satisfies BuildOptions;

/**
 * Bundles one function into one file, exactly as it is deployed, with the one store that its configuration names. Tests
 * and benchmarks call this too.
 */
export const bundle = async (
  functionName: string,
  target: Target,
  folder = 'dist',
  store: StoreKind = 'memory',
): Promise<Bundle> => {
  const outfile = resolve(root, folder, target, functionName, 'index.cjs');
  const { metafile, outputFiles = [] } = await build({
    ...settings(target, store),
    entryPoints: [join('functions', `${functionName}.ts`)],
    outfile,
    write: false,
  });
  for (const { path, contents } of outputFiles) {
    // Maps stand apart, so that a folder that is zipped whole cannot carry one.
    const place = path.endsWith('.map') ? resolve(root, folder, 'maps', target, `${functionName}.cjs.map`) : path;
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, contents);
  }
  return { outfile, metafile };
};
