import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../bundle.ts';
import { artifactFolder, artifactOf } from './artifact.ts';
import { readSettings } from './settings.ts';

/** `npm run package:tencent`: a zip of every function for SCF, without network or credentials. */
const { values } = parseArgs({ options: { config: { type: 'string' }, out: { type: 'string' } } });
const settings = readSettings(join(root, 'serverless.yml'));
const folder = values.out === undefined ? artifactFolder : resolve(values.out);
await mkdir(folder, { recursive: true });
for (const name of Object.keys(settings.functions)) {
  const zip = await artifactOf(name, values.config ?? settings.params.default.config, join(folder, 'build'));
  const path = join(folder, `${name}.zip`);
  await writeFile(path, zip);
  console.log(`${relative(root, path).padEnd(48)} ${(zip.length / 1024).toFixed(1).padStart(7)} KiB`);
}
