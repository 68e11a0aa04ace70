import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The folder of the npm package's JavaScript and declarations. */
export const packageFolder = 'dist/npm';

/** The files that are loaded by name; what they share stands in chunks beside them. */
const entryPoints = {
  credmint: 'bin/credmint.ts',
  index: 'lib/package/index.ts',
  client: 'lib/package/client.ts',
};

/** Builds the command line and the library for Node 20 and later. Dependencies stay imports: npm installs them. */
export const buildPackage = async (root: string): Promise<void> => {
  await rm(join(root, packageFolder), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: packageFolder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    minifySyntax: true,
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', 'tsconfig.package.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The declarations cannot be made:\n${stdout}`);
};
