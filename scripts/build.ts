import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root, type Target, targets } from './bundle.ts';
import { readConfiguration } from './package/configuration.ts';
import { packageOptions } from './package/options.ts';
import { PackageError, runCommand } from './package/package-error.ts';
import { packageFolder, packageFunctions, packagesInWords } from './package/package-functions.ts';
import { readSettings } from './tencent/settings.ts';

const usage = `npm run build -- [--config FILE] [--with-secrets] [--target aws|tencent] [--out FOLDER]

Writes a folder and a zip of every function, for whoever deploys them by tools of their own. No network, no credentials,
no secret is needed. \`npm run package:tencent\` is the same with --target tencent.

  --config FILE    the configuration (default: credmint.config.json)
  --with-secrets   package referenced files also if they may be secret
  --target TARGET  aws or tencent alone (default: both)
  --out FOLDER     where they are written, each target in a folder of its name (default: dist)`;

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: { ...packageOptions, target: { type: 'string' }, out: { type: 'string' } },
  });
  const all = Object.keys(targets) as Target[];
  const chosen = values.target === undefined ? all : all.filter((target) => target === values.target);
  if (chosen.length === 0) throw new PackageError(`There is no target ${values.target}; there are ${all.join(', ')}.`);
  for (const target of chosen) {
    const folder = values.out === undefined ? packageFolder(target) : resolve(values.out, target);
    const configuration = readConfiguration(values.config, {
      target,
      secretsAllowed: values['with-secrets'],
      variables: target === 'tencent' ? readSettings(join(root, 'serverless.yml')).custom.tencent.environment : [],
    });
    console.log(packagesInWords(await packageFunctions(target, configuration, folder), configuration, folder));
  }
});
