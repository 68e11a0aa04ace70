import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, functionNames, root } from '../../scripts/bundle.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const checkout = mkdtempSync(join(tmpdir(), 'credmint-package-'));
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

// Where the kernel lets us, the network is not merely unused but absent.
const withoutNetwork = spawnSync('unshare', ['-rn', 'true']).status === 0 ? ['unshare', '-rn'] : [];

const runPackage = (): string => {
  const serverless = join(root, 'node_modules/serverless/bin/serverless.js');
  const [command = process.execPath, ...rest] = [...withoutNetwork, process.execPath, serverless, 'package'];
  // No credentials, no home folder to find any in.
  const { status, stdout, stderr } = spawnSync(command, rest, {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: checkout },
  });
  if (status !== 0) throw new Error(`serverless package exited ${status}:\n${stdout}\n${stderr}`);
  return stdout;
};

/** The names of a zip's entries, from its central directory. */
const entriesOf = (zip: Buffer): string[] => {
  const names: string[] = [];
  for (let at = zip.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4, 'latin1')) {
    names.push(zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)));
  }
  return names.sort();
};

describe('npm run package, with no network and no credentials', () => {
  let resources: readonly Resource[];

  const ofType = (type: string): readonly Resource['Properties'][] =>
    resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);

  beforeAll(async () => {
    for (const name of functionNames()) await bundle(name, 'aws', join(checkout, 'dist'));
    for (const file of ['serverless.yml', 'package.json']) cpSync(join(root, file), join(checkout, file));
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
    writeFileSync(join(checkout, 'credmint.config.json'), '{}\n');
    runPackage();
    const template = readFileSync(join(checkout, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
    resources = Object.values((JSON.parse(template) as { Resources: Record<string, Resource> }).Resources);
  }, 60_000);

  it('routes each path to its function, and everything else to the drop-in endpoint', () => {
    const routes = ofType('AWS::ApiGatewayV2::Route').map((route) => [
      route['RouteKey'],
      /"HttpApiIntegration(\w+)"/.exec(JSON.stringify(route['Target']))?.[1],
    ]);

    expect(routes.sort()).toEqual([
      ['ANY /', 'Sts'],
      ['ANY /{proxy+}', 'Sts'],
      ['GET /health', 'Health'],
      ['POST /assumeRole', 'AssumeRole'],
      ['POST /getFederationToken', 'GetFederationToken'],
    ]);
  });

  it('tells every function where its configuration is', () => {
    const functions = ofType('AWS::Lambda::Function');

    expect(functions).toHaveLength(functionNames().length);
    for (const lambda of functions) {
      expect(lambda).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Environment: { Variables: { CREDMINT_CONFIG: 'credmint.config.json' } },
      });
    }
  });

  it('answers by itself before the gateway gives up', () => {
    // An HTTP API waits 30 s, then says 503 with no record of why.
    for (const lambda of ofType('AWS::Lambda::Function')) expect(lambda['Timeout']).toBeLessThan(30);
  });

  it.each(functionNames())('zips for %s its bundle and the configuration, and nothing else', (name) => {
    expect(entriesOf(readFileSync(join(checkout, `.serverless/${name}.zip`)))).toEqual([
      'credmint.config.json',
      `dist/aws/${name}/index.cjs`,
    ]);
  });
});
