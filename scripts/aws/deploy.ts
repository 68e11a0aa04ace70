import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PackageError, runCommand } from '../package/package-error.ts';
import { runServerless } from './serverless.ts';

const usage = `npm run deploy -- [--stage STAGE] [--region REGION] [--aws-profile NAME] [--verbose]

Deploys what \`npm run package\` has written, as it was reviewed. Nothing is built or packaged again.

  --stage STAGE, --region REGION  refuse what is packaged for another
  --aws-profile NAME              the profile of ~/.aws whose rights are used
  --verbose                       show each event of the stack`;

/** What `serverless package` writes of the service beside the template. */
interface State {
  readonly service: { readonly provider: { readonly stage: string; readonly region: string } };
}

const statePath = '.serverless/serverless-state.json';

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string' },
      region: { type: 'string' },
      'aws-profile': { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  if (!existsSync(statePath)) {
    throw new PackageError('Nothing is packaged here. First: npm run package -- --stage STAGE --region REGION');
  }
  const { stage, region } = (JSON.parse(readFileSync(statePath, 'utf8')) as State).service.provider;
  for (const [name, packaged, asked] of [
    ['stage', stage, values.stage],
    ['region', region, values.region],
  ] as const) {
    if (asked !== undefined && asked !== packaged) {
      throw new PackageError(
        `What is packaged is for the ${name} ${packaged}, not ${asked}. Package it for that first.`,
      );
    }
  }
  const profile = values['aws-profile'] === undefined ? [] : ['--aws-profile', values['aws-profile']];
  const verbose = values.verbose ? ['--verbose'] : [];
  await runServerless([
    'deploy',
    '--package',
    '.serverless',
    '--stage',
    stage,
    '--region',
    region,
    ...profile,
    ...verbose,
  ]);
});
