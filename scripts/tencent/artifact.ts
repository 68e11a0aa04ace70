import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { zipSync } from 'fflate';
import { bundle, root } from '../bundle.ts';
import { configuredStore } from '../one-store.ts';

/** The first local time that a zip can say, in its own terms of year, month and minute. */
const mtime = new Date(1980, 0, 1);
/** Of Unix, a regular file that all may read. */
const [os, attrs] = [3, (0o100644 << 16) >>> 0];

/** Packs one function for SCF: `index.js`, and the configuration beside it. The same sources give the same bytes. */
export const artifactOf = async (name: string, config: string, folder = 'dist'): Promise<Buffer> => {
  const path = resolve(root, config);
  const { outfile } = await bundle(name, 'tencent', folder, configuredStore(path));
  const files = { [basename(path)]: await readFile(path), 'index.js': await readFile(outfile) };
  return Buffer.from(zipSync(files, { level: 9, mtime, os, attrs }));
};

/** Where `npm run package:tencent` writes the zips. */
export const artifactFolder = join(root, 'dist', 'tencent-packages');
