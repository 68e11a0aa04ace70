import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfiguration } from '../package/configuration.ts';
import { packageOptions } from '../package/options.ts';
import { runCommand } from '../package/package-error.ts';
import { packageFolder, packageFunctions, packagesInWords } from '../package/package-functions.ts';
import { checkParameters, givenParameters, parameterNames, tagsOf } from './parameters.ts';
import { runServerless } from './serverless.ts';

const usage = `npm run package -- [--config FILE] [--with-secrets] [--stage STAGE] [--region REGION] [--param=NAME=VALUE]…

Builds and rehearses every function for the configuration, and writes the template of the stack into .serverless/, for
\`npm run deploy\`. It needs no network.

  --config FILE       the configuration (default: credmint.config.json)
  --with-secrets      package referenced files also if they may be secret
  --stage STAGE       what the names of the stack end in (default: dev)
  --region REGION     where the stack is (default: eu-central-1)
  --param=NAME=VALUE  ${parameterNames.join(', ')}; docs/deploy.md says what they are`;

await runCommand(usage, async () => {
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
