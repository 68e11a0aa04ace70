import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { whileWaiting } from '../../bin/progress.ts';
import { root } from '../bundle.ts';
import { readConfiguration } from '../package/configuration.ts';
import { packageOptions } from '../package/options.ts';
import { PackageError, runCommand } from '../package/package-error.ts';
import { packageFolder, packageFunctions, packagesInWords } from '../package/package-functions.ts';
import { failureInWords, scfApi } from './api.ts';
import { apply, settled } from './apply.ts';
import { type FoundFunction, findFunction } from './found.ts';
import { checkNames } from './names.ts';
import { inWords, planFor, planToRemove, type Step } from './plan.ts';
import { readSettings, type Settings } from './settings.ts';
import { nameOf, type Options, type WantedFunction, wantedFunction } from './wanted.ts';

const usage = `npm run deploy:tencent -- [remove] [--dry-run] [--stage STAGE] [--region REGION] [--runtime NAME]
                          [--config FILE] [--with-secrets] [--package FOLDER]

Compares what is deployed with what is wanted, prints the steps, and applies them. A second run has no steps.

  remove            take the stage away
  --dry-run         print the steps alone
  --stage STAGE     what the names of the functions have (default: dev)
  --region REGION   where they are (default: ap-guangzhou)
  --runtime NAME    the runtime of new functions
  --config FILE     the configuration (default: credmint.config.json)
  --with-secrets    package referenced files also if they may be secret
  --package FOLDER  deploy what \`npm run package:tencent\` has written there, as it was reviewed`;

const readOptions = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      ...packageOptions,
      'dry-run': { type: 'boolean', default: false },
      stage: { type: 'string', default: 'dev' },
      region: { type: 'string', default: 'ap-guangzhou' },
      runtime: { type: 'string' },
      package: { type: 'string' },
      /** Milliseconds between two polls of a function that is not ready. */
      pause: { type: 'string', default: '1000' },
    },
  });

type Values = ReturnType<typeof readOptions>['values'];

/** One function, and the steps to take for it. */
interface Work {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly wanted: WantedFunction | undefined;
  readonly found: FoundFunction | undefined;
}

const run = async (): Promise<void> => {
  const { values, positionals } = readOptions();
  const [order, ...more] = positionals;
  if (more.length > 0 || (order !== undefined && order !== 'remove')) {
    throw new PackageError('The only command is: remove.');
  }
  const settings = readSettings(join(root, 'serverless.yml'));
  const place = settings.custom.tencent;
  const options: Options = {
    stage: values.stage,
    runtime: values.runtime ?? place.runtime,
    environment: process.env,
  };
  checkNames(settings, options, values.region);
  const pauseMs = Number(values.pause);
  const api = scfApi(values.region, process.env, pauseMs);
  const wanted =
    order === 'remove' ? new Map<string, WantedFunction>() : await packagedFunctions(settings, values, options);

  const plan = async (short: string): Promise<Work> => {
    const name = nameOf(settings, options.stage, short);
    // A plan for a function that is still changing would be of what it was.
    await settled({ api, name, place, pauseMs }, '$LATEST');
    const found = await findFunction(api, name, place);
    const each = wanted.get(short);
    const steps = each === undefined ? planToRemove(found) : planFor(each, found, place.alias);
    return { name, steps, wanted: each, found };
  };
  const work: Work[] = [];
  for (const short of Object.keys(settings.functions)) work.push(await named(short, 'read it', () => plan(short)));

  console.log(`${values.region}, namespace ${place.namespace}:`);
  for (const { name, steps } of work) {
    console.log(`  ${name}${steps.length === 0 ? ': nothing to do' : ''}`);
    for (const step of steps) console.log(`    ${inWords(step, place.alias)}`);
  }
  if (values['dry-run']) return;

  for (const { name, steps, wanted: each, found } of work) {
    const context = { api, name, place, pauseMs, ...(each && { wanted: each }), ...(found && { found }) };
    for (const step of steps) {
      await named(name, inWords(step, place.alias), () => apply(step, context));
      console.log(`${name}: done: ${inWords(step, place.alias)}`);
    }
  }
  for (const short of Object.keys(settings.functions)) {
    const { name, steps, found } = await plan(short);
    if (order !== 'remove') printUrl(name, found);
    // SCF has accepted each step and yet is not as it was told to be: the next run would do the same again.
    if (steps.length > 0)
      throw new PackageError(`${name} still differs: ${steps.map((step) => inWords(step, place.alias)).join('; ')}`);
  }
};

const packagedFunctions = async (
  settings: Settings,
  values: Values,
  options: Options,
): Promise<ReadonlyMap<string, WantedFunction>> => {
  const zips =
    values.package === undefined ? await packageNow(settings, values) : readPackages(settings, values.package);
  return new Map([...zips].map(([name, zip]) => [name, wantedFunction(settings, name, zip, options)]));
};

const packageNow = async (settings: Settings, values: Values): Promise<ReadonlyMap<string, Buffer>> => {
  const configuration = readConfiguration(values.config, {
    target: 'tencent',
    secretsAllowed: values['with-secrets'],
    variables: settings.custom.tencent.environment,
  });
  const packages = await packageFunctions('tencent', configuration);
  console.log(packagesInWords(packages, configuration, packageFolder('tencent')));
  return new Map(packages.map(({ name, zip }) => [name, zip]));
};

const readPackages = (settings: Settings, folder: string): ReadonlyMap<string, Buffer> =>
  new Map(
    Object.keys(settings.functions).map((name) => {
      const path = join(folder, `${name}.zip`);
      if (!existsSync(path)) throw new PackageError(`${path} is missing. First: npm run package:tencent`);
      return [name, readFileSync(path)];
    }),
  );

/** Names the function and the step in a failure. */
const named = async <Result>(name: string, step: string, action: () => Promise<Result>): Promise<Result> => {
  try {
    return await whileWaiting(process.stderr, `${name}: ${step}`, action);
  } catch (thrown) {
    throw new PackageError(`${name}: ${step}: ${failureInWords(thrown)}`);
  }
};

const printUrl = (name: string, found: FoundFunction | undefined): void => {
  for (const { settings: trigger } of (found?.triggers ?? []).filter(({ type }) => type === 'http')) {
    const { ExtranetUrl: url } = (trigger['NetConfig'] ?? {}) as { readonly ExtranetUrl?: string };
    if (url !== undefined && url !== '') console.log(`${name}: ${url}`);
  }
};

await runCommand(usage, run);
