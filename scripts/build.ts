import { rm, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { bundle, functionNames, root, type Target, targets } from './bundle.ts';
import { configuredStore } from './one-store.ts';

/** `npm run build`: every function for every target, from nothing, with the store of the configuration to be deployed. */
const store = configuredStore(resolve(root, process.env['CREDMINT_CONFIG'] ?? 'credmint.config.json'));
await rm(join(root, 'dist'), { recursive: true, force: true });
for (const target of Object.keys(targets) as Target[]) {
  for (const name of functionNames()) {
    const { outfile } = await bundle(name, target, 'dist', store);
    const { size } = await stat(outfile);
    console.log(`${relative(root, outfile).padEnd(48)} ${(size / 1024).toFixed(1).padStart(7)} KiB`);
  }
}
