import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfiguration } from '../package/configuration.ts';
import { packageOptions } from '../package/options.ts';
import { runCommand } from '../package/package-error.ts';
import { packageFolder, packageFunctions, packagesInWords } from '../package/package-functions.ts';
import { checkParameters, givenParameters, tagsOf } from './parameters.ts';
import { runServerless } from './serverless.ts';

// `npm run package -- [--config FILE] [--with-secrets] [--stage S] [--region R] [--param NAME=VALUE]…`: builds and rehearses
// every function for the configuration, and writes the template of the stack into .serverless/. It needs no network.

await runCommand(async () => {
  const { values, tokens } = parseArgs({ options: packageOptions, strict: false, tokens: true });
  const own = new Set(Object.keys(packageOptions));
  const words = process.argv.slice(2);
  const taken = new Set(
    tokens.flatMap((token) =>
      token.kind === 'option' && own.has(token.name)
        ? [token.index, ...(token.value === undefined || token.inlineValue ? [] : [token.index + 1])]
        : [],
    ),
  );
  const rest = words.filter((_, index) => !taken.has(index));
  const parameters = givenParameters(rest);
  checkParameters(parameters);
  const secretsAllowed = values['with-secrets'] === true;
  const configuration = readConfiguration(String(values.config), { target: 'aws', secretsAllowed });
  const packages = await packageFunctions('aws', configuration);
  console.log(packagesInWords(packages, configuration, packageFolder('aws')));
  await writeFile(join(packageFolder('aws'), 'tags.json'), JSON.stringify(tagsOf(parameters)));
  await runServerless(['package', ...rest]);
  console.log(
    'For review: .serverless/cloudformation-template-update-stack.json. `npm run deploy` deploys exactly this.',
  );
});
