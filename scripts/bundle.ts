import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import type { BuiltConfiguration } from '../lib/config/built.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import type { Selection } from './lists.ts';
import { rewrittenSources } from './rewritten-sources.ts';

/** The repository's own folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Where a bundle runs, and the oldest Node there. */
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

/** What a function is built for. */
export interface BuiltFor {
  /** Absent: the function reads no configuration. */
  readonly configuration?: BuiltConfiguration;
  readonly selection: Selection;
}

/**
 * The first line of a function that is built for a configuration. A text is parsed sooner than a program of the same
 * length is compiled.
 */
export const headOf = (configuration: BuiltConfiguration): string =>
  `const CREDMINT_CONFIGURATION=JSON.parse(${JSON.stringify(JSON.stringify(configuration))});`;

/** Every deployed function: one file of functions/ each, named exactly like it. */
export const functionNames = (): string[] =>
  readdirSync(join(root, 'functions'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();

const settings = (target: Target, builtFor: BuiltFor | undefined) =>
  ({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    target: targets[target],
    // Otherwise esbuild turns each such pattern into a constructor call, which cannot be tree-shaken.
    supported: { 'regexp-unicode-property-escapes': true },
    // CommonJS: in an ES module `import 'node:http'` alone costs 45 ms of cold start on Node 22 and later.
    format: 'cjs',
    // Packages' ES modules first, as only those can be tree-shaken.
    mainFields: ['module', 'main'],
    // The sources are in a map beside the artifact, which is not deployed.
    sourcemap: 'external',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [lazyBuiltins, rewrittenSources(root, builtFor?.selection)],
    ...(builtFor?.configuration === undefined ? {} : { banner: { js: headOf(builtFor.configuration) } }),
  }) satisfies BuildOptions;

/**
 * Bundles one function into one file. One that is built for a configuration carries it, and the parts that it needs; any
 * other carries all parts, and reads its configuration where it runs.
 *
 * @example
 * const { outfile } = await bundle('sts', 'aws', 'dist', builtFor('sts', 'aws', configuration));
 */
export const bundle = async (
  functionName: string,
  target: Target,
  folder = 'dist',
  builtFor?: BuiltFor,
): Promise<Bundle> => {
  const outfile = resolve(root, folder, target, functionName, 'index.cjs');
  const { metafile, outputFiles = [] } = await build({
    ...settings(target, builtFor),
    entryPoints: [join('functions', `${functionName}.ts`)],
    outfile,
    write: false,
  });
  for (const { path, contents } of outputFiles) {
    // Maps have a folder of their own, so that they are not packed with the function.
    const destination = path.endsWith('.map') ? resolve(root, folder, 'maps', target, `${functionName}.cjs.map`) : path;
    await mkdir(dirname(destination), { recursive: true });
    await writeFile(destination, contents);
  }
  return { outfile, metafile };
};
