import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { bundle, root } from '../bundle.ts';
import { configuredStore } from '../one-store.ts';
import { zipOf } from './zip.ts';

/** Packs one function for SCF: `index.js`, and the configuration beside it. The same sources give the same bytes. */
export const artifactOf = async (name: string, config: string, folder = 'dist'): Promise<Buffer> => {
  const path = resolve(root, config);
  const { outfile } = await bundle(name, 'tencent', folder, configuredStore(path));
  return zipOf({ 'index.js': await readFile(outfile), [basename(path)]: await readFile(path) });
};

/** Where `npm run package:tencent` writes the zips. */
export const artifactFolder = join(root, 'dist', 'tencent-packages');
