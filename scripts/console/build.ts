import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { builtFiles } from '../../lib/console/built-page.ts';

/** The folder of the built page. */
const consoleFolder = 'dist/console';

/** Builds the page: what a browser loads, and what renders it on the server. What it needs is in these files. */
export const buildConsole = async (root: string, folder: string = join(root, consoleFolder)): Promise<void> => {
  const common = {
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'eof',
    logLevel: 'warning',
  } satisfies BuildOptions;
  const browser = { ...common, minify: true, target: ['chrome120', 'firefox120', 'safari17'] };
  await mkdir(folder, { recursive: true });
  await Promise.all([
    copyFile(join(root, 'console', builtFiles.icon), join(folder, builtFiles.icon)),
    build({ ...browser, entryPoints: ['console/client.tsx'], outfile: join(folder, builtFiles.script) }),
    build({ ...browser, entryPoints: ['console/style.css'], outfile: join(folder, builtFiles.style) }),
    build({
      ...common,
      platform: 'node',
      target: 'node22',
      entryPoints: ['console/render.tsx'],
      outfile: join(folder, builtFiles.render),
    }),
  ]);
};
