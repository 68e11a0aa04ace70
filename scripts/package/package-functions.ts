import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { policiesOf } from '../aws/permissions.ts';
import { functionNames, root, type Target } from '../bundle.ts';
import type { PackageConfiguration } from './configuration.ts';
import { type FunctionPackage, packageFunction } from './function-package.ts';
import { rehearse } from './rehearse.ts';

/** Where packages are written unless another folder is named: `NAME/` as the platform lays it out, and `NAME.zip`. */
export const packageFolder = (target: Target): string => join(root, 'dist', target);

/**
 * Builds, packs and rehearses every function for one configuration, and writes the packages into an empty folder, for AWS
 * with what the role of each must be allowed (`permissions.json`). This is
 * the one place where what is deployed is made: `package`, `package:tencent`, `deploy:tencent` and `build` come here.
 * Rejects with a PackageError.
 */
export const packageFunctions = async (
  target: Target,
  configuration: PackageConfiguration,
  folder: string = packageFolder(target),
): Promise<readonly FunctionPackage[]> => {
  await rm(folder, { recursive: true, force: true });
  const packages: FunctionPackage[] = [];
  for (const name of functionNames()) {
    const packed = await packageFunction(name, target, configuration, join(folder, '.build'));
    await rehearse(packed, configuration);
    await write(packed, folder);
    packages.push(packed);
  }
  if (target === 'aws') {
    const policies = functionNames().map((name) => [name, policiesOf(name, configuration.written)] as const);
    await writeFile(
      join(folder, 'permissions.json'),
      `${JSON.stringify(Object.fromEntries(policies), undefined, 2)}\n`,
    );
  }
  return packages;
};

const write = async ({ name, files, zip }: FunctionPackage, folder: string): Promise<void> => {
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, name, path)), { recursive: true });
    await writeFile(join(folder, name, path), content);
  }
  await writeFile(join(folder, `${name}.zip`), zip);
};

/** What was packaged, a line for each function, and what the operator should know. */
export const packagesInWords = (
  packages: readonly FunctionPackage[],
  { path, notes }: PackageConfiguration,
  folder: string,
): string =>
  [
    `${path}: valid; each package was rehearsed.`,
    ...packages.map(({ name, zip }) => {
      const size = (zip.length / 1024).toFixed(1).padStart(7);
      return `${relative(root, join(folder, `${name}.zip`)).padEnd(48)} ${size} KiB`;
    }),
    ...notes,
  ].join('\n');
