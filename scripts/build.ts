import { rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { bundle, functionNames, root, type Target, targets } from './bundle.ts';

/** `npm run build`: every function for every target, from nothing. */
await rm(join(root, 'dist'), { recursive: true, force: true });
for (const target of Object.keys(targets) as Target[]) {
  for (const name of functionNames()) {
    const { outfile } = await bundle(name, target);
    const { size } = await stat(outfile);
    console.log(`${relative(root, outfile).padEnd(48)} ${(size / 1024).toFixed(1).padStart(7)} KiB`);
  }
}
