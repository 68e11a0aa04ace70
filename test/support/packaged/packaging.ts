import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { root } from '../../../scripts/bundle.ts';

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What CloudFormation would be given, and what stands in its bucket. */
export interface Packaged {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What every resource of the stack is tagged with. */
  readonly tags: unknown;
  /** The whole template, as it is uploaded. */
  readonly text: string;
  zipOf(name: string): Buffer;
  /** Unpacks an artifact as the platform does. */
  unpack(name: string): string;
  dispose(): void;
}

// Where the kernel lets us, the network is not merely unused but absent.
const withoutNetwork = spawnSync('unshare', ['-rn', 'true']).status === 0 ? ['unshare', '-rn'] : [];

/** A checkout of the sources in a folder of its own, with this configuration. */
export const checkOut = (configuration: unknown): string => {
  const checkout = mkdtempSync(join(tmpdir(), 'credmint-package-'));
  for (const path of ['serverless.yml', 'package.json', 'bin', 'deploy', 'functions', 'lib', 'scripts'])
    cpSync(join(root, path), join(checkout, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  if (configuration !== undefined) writeFileSync(join(checkout, 'credmint.config.json'), JSON.stringify(configuration));
  return checkout;
};

/** Runs a script of package.json as npm does, with no network, no credentials and no home folder to find any in. */
export const runScript = (checkout: string, script: string, words: readonly string[] = []) => {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const [, ...program] = (scripts[script] as string).split(' ');
  const [command = process.execPath, ...rest] = [...withoutNetwork, process.execPath, ...program, ...words];
  const { status, stdout, stderr } = spawnSync(command, rest, {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: checkout },
  });
  return { status, output: `${stdout}${stderr}` };
};

/** What `npm run package` makes of a checkout with an empty configuration. */
export const packaged = (...parameters: readonly string[]): Promise<Packaged> => packagedFor({}, ...parameters);

/** What it makes of a checkout with this configuration. */
export const packagedFor = async (configuration: object, ...parameters: readonly string[]): Promise<Packaged> => {
  const checkout = checkOut(configuration);
  const { status, output } = runScript(checkout, 'package', parameters);
  if (status !== 0) throw new Error(`npm run package exited ${status}:\n${output}`);
  const text = readFileSync(join(checkout, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
  const { Resources, Conditions, Outputs } = JSON.parse(text);
  const zipOf = (name: string): Buffer => readFileSync(join(checkout, `dist/aws/${name}.zip`));
  return {
    resources: Resources,
    conditions: Conditions,
    outputs: Outputs,
    tags: JSON.parse(readFileSync(join(checkout, '.serverless/serverless-state.json'), 'utf8')).service.provider
      .stackTags,
    text,
    zipOf,
    unpack: (name) => {
      const folder = mkdtempSync(join(checkout, `${name}-`));
      for (const [path, content] of Object.entries(unzipSync(zipOf(name)))) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      return folder;
    },
    dispose: () => rmSync(checkout, { recursive: true, force: true }),
  };
};
