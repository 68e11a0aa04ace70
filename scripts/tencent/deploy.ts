import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../bundle.ts';
import { scfApi } from './api.ts';
import { apply } from './apply.ts';
import { artifactFolder, artifactOf } from './artifact.ts';
import { type FoundFunction, findFunction } from './found.ts';
import { inWords, planFor, planToRemove, type Step } from './plan.ts';
import { readSettings, type Settings } from './settings.ts';
import { nameOf, type Options, type WantedFunction, wantedFunction } from './wanted.ts';

// `npm run deploy:tencent -- [remove] [--dry-run] [--stage S] [--region R] [--runtime N] [--config FILE]`:
// compares what is deployed with what is wanted, prints the steps, and applies them. A second run has no steps.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'dry-run': { type: 'boolean', default: false },
    stage: { type: 'string', default: 'dev' },
    region: { type: 'string', default: 'ap-guangzhou' },
    runtime: { type: 'string' },
    config: { type: 'string' },
    /** Milliseconds between two polls of a function that is not ready. */
    pause: { type: 'string', default: '1000' },
  },
});

/** One function, and the steps to take for it. */
interface Work {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly wanted: WantedFunction | undefined;
  readonly found: FoundFunction | undefined;
}

const run = async (settings: Settings): Promise<void> => {
  const [order, ...more] = positionals;
  if (more.length > 0 || (order !== undefined && order !== 'remove')) throw new Error('The only command is: remove.');
  const options: Options = {
    stage: values.stage,
    runtime: values.runtime ?? settings.custom.tencent.runtime,
    config: values.config ?? settings.params.default.config,
    environment: process.env,
  };
  const place = settings.custom.tencent;
  const api = scfApi(values.region, process.env);
  const work: Work[] = [];
  for (const short of Object.keys(settings.functions)) {
    const wanted: WantedFunction | undefined =
      order === 'remove'
        ? undefined
        : wantedFunction(
            settings,
            short,
            await artifactOf(short, options.config, join(artifactFolder, 'build')),
            options,
          );
    const name = nameOf(settings, options.stage, short);
    const found = await findFunction(api, name, place);
    const steps = wanted === undefined ? planToRemove(found) : planFor(wanted, found, place.alias);
    work.push({ name, steps, wanted, found });
  }

  console.log(`${values.region}, namespace ${place.namespace}:`);
  for (const { name, steps } of work) {
    console.log(`  ${name}${steps.length === 0 ? ': nothing to do' : ''}`);
    for (const step of steps) console.log(`    ${inWords(step, place.alias)}`);
  }
  if (values['dry-run']) return;

  for (const { name, steps, wanted, found } of work) {
    const context = { api, name, place, pauseMs: Number(values.pause) };
    for (const step of steps) {
      await apply(step, { ...context, ...(wanted && { wanted }), ...(found && { found }) });
      console.log(`${name}: done: ${inWords(step, place.alias)}`);
    }
  }
  if (order !== 'remove') await printUrls();

  async function printUrls(): Promise<void> {
    for (const { name } of work) {
      const { triggers = [] } = (await findFunction(api, name, place)) ?? {};
      for (const { settings: trigger } of triggers.filter(({ type }) => type === 'http')) {
        const { ExtranetUrl: url } = (trigger['NetConfig'] ?? {}) as { readonly ExtranetUrl?: string };
        if (url !== undefined && url !== '') console.log(`${name}: ${url}`);
      }
    }
  }
};

run(readSettings(join(root, 'serverless.yml'))).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
