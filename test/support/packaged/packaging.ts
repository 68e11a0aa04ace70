import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { bundle, functionNames, root } from '../../../scripts/bundle.ts';

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
  /** The whole template, as it is uploaded. */
  readonly text: string;
  zipOf(name: string): Buffer;
  /** Unpacks an artifact as the platform does, with this configuration in the place of the packaged one. */
  unpack(name: string, configuration: unknown): string;
  dispose(): void;
}

// Where the kernel lets us, the network is not merely unused but absent.
const withoutNetwork = spawnSync('unshare', ['-rn', 'true']).status === 0 ? ['unshare', '-rn'] : [];

/** What `npm run package` makes of a checkout, with no network, no credentials and no home folder to find any in. */
export const packaged = async (...parameters: readonly string[]): Promise<Packaged> => {
  const checkout = mkdtempSync(join(tmpdir(), 'credmint-package-'));
  for (const name of functionNames()) await bundle(name, 'aws', join(checkout, 'dist'));
  for (const file of ['serverless.yml', 'package.json', 'deploy'])
    cpSync(join(root, file), join(checkout, file), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  writeFileSync(join(checkout, 'credmint.config.json'), '{}\n');
  const serverless = join(root, 'node_modules/serverless/bin/serverless.js');
  const [command = process.execPath, ...rest] = [...withoutNetwork, process.execPath, serverless, 'package'];
  const { status, stdout, stderr } = spawnSync(command, [...rest, ...parameters], {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: checkout },
  });
  if (status !== 0) throw new Error(`serverless package exited ${status}:\n${stdout}\n${stderr}`);
  const text = readFileSync(join(checkout, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
  const { Resources, Conditions, Outputs } = JSON.parse(text);
  const zipOf = (name: string): Buffer => readFileSync(join(checkout, `.serverless/${name}.zip`));
  return {
    resources: Resources,
    conditions: Conditions,
    outputs: Outputs,
    text,
    zipOf,
    unpack: (name, configuration) => {
      const folder = mkdtempSync(join(checkout, `${name}-`));
      const files = [
        ...Object.entries(unzipSync(zipOf(name))),
        ['credmint.config.json', JSON.stringify(configuration)] as const,
      ];
      for (const [path, content] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      return folder;
    },
    dispose: () => rmSync(checkout, { recursive: true, force: true }),
  };
};
