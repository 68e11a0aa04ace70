import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { circlesOf, cruiseModules, faultsOf, tableFaults } from './support/architecture/cruise.ts';
import type { Layers } from './support/architecture/layers.ts';

/**
 * The layers from the bottom up, and what each may reach. This table is the documentation of it: a new permission is a
 * line here, and a review of that line. It only shrinks: a permission that nobody uses fails too.
 */
const layers: Layers = {
  'lib/core': {},
  'lib/wire': {},
  'lib/signers': { imports: ['lib/core', 'lib/wire'], reveals: true },
  'lib/policies': { imports: ['lib/core', 'lib/wire'] },
  'lib/clouds': { imports: ['lib/core', 'lib/wire', 'lib/policies'], reveals: true },
  'lib/clouds/json': { imports: ['lib/core', 'lib/wire', 'lib/signers', 'lib/clouds'], reveals: true },
  'lib/clouds/oauth': { imports: ['lib/core', 'lib/wire', 'lib/clouds', 'lib/clouds/json'], reveals: true },
  'lib/clouds/*': { imports: ['lib/core', 'lib/wire', 'lib/signers', 'lib/policies', 'lib/clouds'], reveals: true },
  'lib/clouds/catalog.ts': { imports: ['lib/clouds/*'], types: ['lib/core'] },
  'lib/clouds/dialects.ts': {
    imports: ['lib/clouds/json', 'lib/clouds/oauth', 'lib/clouds/*', 'lib/clouds/catalog.ts'],
    types: ['lib/core'],
  },
  'lib/transport': { imports: ['lib/core'], node: ['node:dns', 'node:http', 'node:https', 'node:net'], clock: true },
  'lib/identity': {
    imports: ['lib/core', 'lib/wire', 'lib/clouds/catalog.ts', 'lib/transport'],
    node: ['node:fs/promises'],
    clock: true,
    reveals: true,
  },
  'lib/client': {
    imports: ['lib/core', 'lib/wire', 'lib/signers'],
    packages: ['valibot'],
    node: ['node:events', 'node:fs/promises', 'node:http', 'node:path'],
    clock: true,
    reveals: true,
  },
  'lib/aws': { imports: ['lib/core', 'lib/wire', 'lib/signers'], types: ['lib/identity'], clock: true },
  'lib/stores': {
    imports: ['lib/core', 'lib/wire', 'lib/aws'],
    types: ['lib/identity'],
    packages: ['ioredis'],
    node: ['node:fs', 'node:path', 'node:sqlite'],
    clock: true,
    reveals: true,
  },
  'lib/audit': {
    imports: ['lib/core', 'lib/wire', 'lib/signers', 'lib/aws'],
    node: ['node:fs', 'node:fs/promises', 'node:path', 'node:sqlite'],
    clock: true,
  },
  'lib/grants': { imports: ['lib/core', 'lib/wire'], node: ['node:net'] },
  'lib/auth': {
    imports: ['lib/core', 'lib/wire', 'lib/stores', 'lib/grants'],
    packages: ['jose', 'lru.min'],
    node: ['node:net'],
    clock: true,
    reveals: true,
  },
  'lib/mint': { imports: ['lib/core', 'lib/wire', 'lib/identity'], packages: ['lru.min'], reveals: true },
  'lib/authority': {
    imports: ['lib/core', 'lib/policies', 'lib/stores'],
    packages: ['lru.min'],
    clock: true,
    reveals: true,
  },
  'lib/issuer': { imports: ['lib/core', 'lib/wire'], types: ['lib/aws'], clock: true, reveals: true },
  'lib/broker': {
    imports: ['lib/core', 'lib/audit', 'lib/grants'],
    types: ['lib/auth', 'lib/mint', 'lib/authority', 'lib/issuer'],
  },
  'lib/delivery': {
    imports: ['lib/core', 'lib/wire', 'lib/signers', 'lib/clouds/json'],
    types: ['lib/aws'],
    packages: ['jose'],
    node: ['node:fs/promises', 'node:path'],
    clock: true,
    reveals: true,
  },
  'lib/leases': {
    imports: ['lib/core', 'lib/wire', 'lib/audit', 'lib/mint', 'lib/broker', 'lib/delivery'],
    types: ['lib/grants'],
    clock: true,
  },
  'lib/telemetry': {
    imports: ['lib/core', 'lib/wire'],
    types: ['lib/audit', 'lib/mint'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
    ],
    node: ['node:async_hooks'],
    reveals: true,
  },
  'lib/events': {
    imports: ['lib/core', 'lib/wire', 'lib/audit', 'lib/grants', 'lib/broker', 'lib/delivery'],
    types: ['lib/aws'],
    packages: ['jose', 'valibot'],
    clock: true,
    reveals: true,
  },
  'lib/config': {
    imports: [
      'lib/core',
      'lib/wire',
      'lib/signers',
      'lib/clouds/catalog.ts',
      'lib/transport',
      'lib/identity',
      'lib/aws',
      'lib/stores',
      'lib/audit',
      'lib/grants',
      'lib/auth',
      'lib/issuer',
    ],
    types: ['lib/authority', 'lib/delivery', 'lib/leases', 'lib/events'],
    packages: ['valibot'],
    node: ['node:fs', 'node:path'],
    clock: true,
    reveals: true,
  },
  'lib/diagnostics': {
    imports: ['lib/core', 'lib/wire', 'lib/policies', 'lib/grants'],
    types: ['lib/config'],
    node: ['node:net'],
    reveals: true,
  },
  'lib/platform': {
    imports: ['lib/core', 'lib/wire'],
    node: ['node:events', 'node:fs/promises', 'node:http', 'node:https', 'node:net', 'node:tls'],
    clock: true,
    reveals: true,
  },
  'lib/console': {
    imports: [
      'lib/core',
      'lib/wire',
      'lib/clouds/json',
      'lib/audit',
      'lib/grants',
      'lib/auth',
      'lib/broker',
      'lib/diagnostics',
      'lib/platform',
    ],
    types: ['lib/mint', 'lib/leases', 'lib/config'],
    node: ['node:fs/promises', 'node:path', 'node:url'],
    clock: true,
  },
  'lib/app': {
    imports: [
      'lib/core',
      'lib/wire',
      'lib/clouds/dialects.ts',
      'lib/transport',
      'lib/identity',
      'lib/aws',
      'lib/stores',
      'lib/audit',
      'lib/grants',
      'lib/auth',
      'lib/mint',
      'lib/authority',
      'lib/issuer',
      'lib/broker',
      'lib/delivery',
      'lib/leases',
      'lib/telemetry',
      'lib/events',
      'lib/config',
      'lib/diagnostics',
      'lib/platform',
      'lib/console',
    ],
    packages: ['@middy/core'],
    node: ['node:events', 'node:fs/promises', 'node:path', 'node:worker_threads'],
    environment: true,
    clock: true,
  },
  'lib/laptop': {
    imports: [
      'lib/core',
      'lib/wire',
      'lib/audit',
      'lib/events',
      'lib/config',
      'lib/platform',
      'lib/console',
      'lib/app',
    ],
    types: ['lib/authority', 'lib/broker', 'lib/leases'],
    packages: ['jose', 'valibot'],
    node: ['node:events', 'node:fs', 'node:path'],
    clock: true,
  },
  'lib/package': { imports: ['lib/core', 'lib/transport', 'lib/client', 'lib/delivery'], clock: true, reveals: true },
  functions: {
    imports: ['lib/clouds/json', 'lib/clouds/catalog.ts', 'lib/clouds/dialects.ts', 'lib/platform', 'lib/app'],
  },
  bin: {
    imports: [
      'lib/core',
      'lib/wire',
      'lib/clouds/dialects.ts',
      'lib/transport',
      'lib/identity',
      'lib/client',
      'lib/stores',
      'lib/audit',
      'lib/auth',
      'lib/issuer',
      'lib/delivery',
      'lib/config',
      'lib/diagnostics',
      'lib/platform',
      'lib/console',
      'lib/app',
      'lib/laptop',
      'functions',
    ],
    types: ['lib/telemetry'],
    node: [
      'node:child_process',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:http',
      'node:https',
      'node:os',
      'node:path',
      'node:url',
    ],
    environment: true,
    clock: true,
  },
  console: {
    imports: ['lib/console'],
    packages: ['preact', 'preact-render-to-string', 'uplot'],
    clock: true,
  },
};

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the source', () => {
  let modules: Awaited<ReturnType<typeof cruiseModules>>;
  beforeAll(async () => {
    modules = await cruiseModules(root);
    // Every file is read and taken apart, on processors that other tests have, too.
  }, 90_000);

  it('imports, and reaches outside, only as the table allows', () => {
    // A cruiser that cannot read TypeScript finds nothing, and nothing to object to.
    expect(modules.length).toBeGreaterThan(20);
    expect(modules.flatMap((module) => module.dependencies).length).toBeGreaterThan(20);
    expect(faultsOf(modules, root, layers)).toEqual([]);
  });

  it('uses all that the table allows, and imports from the bottom up', () => {
    expect(tableFaults(modules, root, layers)).toEqual([]);
  });

  it('has no circle of imports, not even of types', () => {
    expect(circlesOf(modules)).toEqual([]);
  });

  it('has the folders that the map in README shows', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, map = ''] = /```\n(functions\/[\s\S]*?)```/.exec(readme) ?? [];
    const shown = [...map.matchAll(/^ {2}([a-z]+)\/ /gm)].map(([, name]) => name);
    const folders = readdirSync(join(root, 'lib'), { withFileTypes: true });

    expect(shown.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
    const inTable = Object.keys(layers).flatMap((name) => /^lib\/([a-z]+)$/.exec(name)?.[1] ?? []);
    expect(shown).toEqual(inTable);
  });
});

describe('the table', () => {
  let planted: string;

  beforeAll(() => {
    planted = mkdtempSync(join(tmpdir(), 'credmint-layers-'));
    cpSync(join(root, 'package.json'), join(planted, 'package.json'));
    writeFileSync(join(planted, 'tsconfig.json'), '{ "compilerOptions": { "module": "NodeNext" } }');
  });
  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  const plant = async (files: Readonly<Record<string, string>>) => {
    const tree = join(planted, crypto.randomUUID());
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    return { tree, modules: await cruiseModules(tree) };
  };

  /** What is said of a tree that holds these files and those that they import. */
  const judge = async (files: Readonly<Record<string, string>>, table: Layers = layers): Promise<string[]> => {
    const { tree, modules } = await plant(files);
    return faultsOf(modules, tree, table);
  };

  const value = 'export const value = 1;\n';
  const named = (file: string, from: string): string =>
    `import { value } from '${from}';\nexport const ${file} = value;\n`;

  it('has no objection to a tree that keeps to it', async () => {
    const faults = await judge({
      'lib/core/a.ts': value,
      'lib/wire/a.ts': value,
      'lib/signers/a.ts': named('a', '../core/a.ts'),
      'lib/clouds/parameters.ts': named('a', '../wire/a.ts'),
      'lib/clouds/aws/a.ts': `${named('a', '../parameters.ts')}export { value as b } from '../../wire/a.ts';\n`,
      'lib/transport/a.ts':
        "import { request } from 'node:https';\nexport type A = typeof request;\nexport const a = request;\n",
      'lib/laptop/a.ts': "import type { Server } from 'node:http';\nexport type A = Server;\n",
      'lib/app/a.ts': 'export const a = process.env;\n',
    });

    expect(faults).toEqual([]);
  });

  it.each([
    {
      rule: 'the core imports nothing',
      files: { 'lib/core/a.ts': named('a', '../wire/b.ts'), 'lib/wire/b.ts': value },
      fault: 'lib/core/a.ts -> lib/wire/b.ts: lib/core may import nothing',
    },
    {
      rule: 'a type is an import too',
      files: {
        'lib/core/a.ts': "import type { B } from '../wire/b.ts';\nexport type A = B;\n",
        'lib/wire/b.ts': 'export type B = 1;\n',
      },
      fault: 'lib/core/a.ts -> lib/wire/b.ts: lib/core may import nothing',
    },
    {
      rule: 'no cloud imports another',
      files: { 'lib/clouds/aws/a.ts': named('a', '../ucloud/b.ts'), 'lib/clouds/ucloud/b.ts': value },
      fault: 'lib/clouds/aws/a.ts -> lib/clouds/ucloud/b.ts: no two of lib/clouds/* may import each other',
    },
    {
      rule: 'no cloud reaches the network by way of the transport',
      files: { 'lib/clouds/aws/a.ts': named('a', '../../transport/b.ts'), 'lib/transport/b.ts': value },
      fault: /^lib\/clouds\/aws\/a\.ts -> lib\/transport\/b\.ts: lib\/clouds\/\* may import lib\/core/,
    },
    {
      rule: 'a lazy import is an import',
      files: { 'lib/policies/a.ts': "export const a = () => import('../stores/b.ts');\n", 'lib/stores/b.ts': value },
      fault: 'lib/policies/a.ts -> lib/stores/b.ts: lib/policies may import lib/core, lib/wire',
    },
    {
      rule: 'no cloud opens a connection',
      files: { 'lib/clouds/aws/a.ts': "import { request } from 'node:https';\nexport const a = request;\n" },
      fault: 'lib/clouds/aws/a.ts -> node:https: lib/clouds/* may not use it',
    },
    {
      rule: 'minting does not speak HTTP',
      files: { 'lib/mint/a.ts': "import http from 'node:http';\nexport const a = http;\n" },
      fault: 'lib/mint/a.ts -> node:http: lib/mint may not use it',
    },
    ...['Date.now()', 'new Date()', 'setTimeout(() => 1, 1)', 'setInterval(() => 1, 1)', 'AbortSignal.timeout(1)'].map(
      (reading) => ({
        rule: `no cloud has a clock of its own: ${reading}`,
        files: { 'lib/clouds/aws/a.ts': `export const a = () => ${reading};\n` },
        fault: /^lib\/clouds\/aws\/a\.ts -> .*: lib\/clouds\/\* is handed the time and chance$/,
      }),
    ),
    {
      rule: 'no signer draws a random number',
      files: { 'lib/signers/a.ts': "import { randomBytes } from 'node:crypto';\nexport const a = randomBytes(8);\n" },
      fault: 'lib/signers/a.ts -> randomBytes: lib/signers is handed the time and chance',
    },
    {
      rule: 'what is written to the audit trail holds no secret',
      files: { 'lib/audit/a.ts': 'export const a = (secret: { reveal(): string }) => secret.reveal();\n' },
      fault: 'lib/audit/a.ts -> reveal(): lib/audit may not open a secret',
    },
    {
      rule: 'the configuration is handed the environment',
      files: { 'lib/config/a.ts': 'export const a = process.env;\n' },
      fault: 'lib/config/a.ts -> process.env: lib/config may not read the environment',
    },
    {
      rule: 'minting knows no store by name',
      files: { 'lib/mint/a.ts': named('a', '../stores/b.ts'), 'lib/stores/b.ts': value },
      fault: /^lib\/mint\/a\.ts -> lib\/stores\/b\.ts: lib\/mint may import lib\/core/,
    },
    {
      rule: 'the broker knows no cloud',
      files: { 'lib/broker/a.ts': named('a', '../clouds/aws/b.ts'), 'lib/clouds/aws/b.ts': value },
      fault: /^lib\/broker\/a\.ts -> lib\/clouds\/aws\/b\.ts: lib\/broker may import lib\/core/,
    },
    {
      rule: 'a platform does not compose',
      files: { 'lib/platform/a.ts': named('a', '../app/b.ts'), 'lib/app/b.ts': value },
      fault: /^lib\/platform\/a\.ts -> lib\/app\/b\.ts: lib\/platform may import lib\/core/,
    },
    {
      rule: 'no library imports a function',
      files: { 'lib/app/a.ts': named('a', '../../functions/b.ts'), 'functions/b.ts': value },
      fault: /^lib\/app\/a\.ts -> functions\/b\.ts: lib\/app may import /,
    },
    {
      rule: 'a function composes nothing itself',
      files: { 'functions/a.ts': named('a', '../lib/mint/b.ts'), 'lib/mint/b.ts': value },
      fault: /^functions\/a\.ts -> lib\/mint\/b\.ts: functions may import lib\//,
    },
    {
      rule: 'a package is used by the layers that list it',
      files: { 'lib/signers/a.ts': "import { jwtVerify } from 'jose';\nexport const a = jwtVerify;\n" },
      fault: 'lib/signers/a.ts -> jose: lib/signers may import no package',
    },
    {
      rule: 'no vendor SDK is used at all',
      files: { 'lib/app/a.ts': "import { STS } from '@aws-sdk/client-sts';\nexport const a = STS;\n" },
      fault: /^lib\/app\/a\.ts -> @aws-sdk\/client-sts: lib\/app may import /,
    },
    {
      rule: 'every import leads somewhere',
      files: { 'lib/core/a.ts': named('a', './b.ts') },
      fault: 'lib/core/a.ts -> ./b.ts: there is no such file',
    },
    {
      rule: 'every file has a layer',
      files: { 'lib/elsewhere/a.ts': value },
      fault: 'lib/elsewhere/a.ts: is in no layer of the table',
    },
  ])('says where it is broken: $rule', async ({ files, fault }) => {
    expect(await judge(files as Readonly<Record<string, string>>)).toEqual([
      typeof fault === 'string' ? fault : expect.stringMatching(fault),
    ]);
  });

  it('says of itself what nobody uses, and what does not stand in order', async () => {
    const { tree, modules } = await plant({
      'lib/core/a.ts': "import type { B } from '../wire/b.ts';\nexport type A = B;\n",
      'lib/wire/b.ts': 'export type B = 1;\n',
    });
    const table: Layers = {
      'lib/core': { imports: ['lib/wire'], clock: true },
      'lib/wire': { imports: ['lib/core'], packages: ['jose'], node: ['node:fs'] },
    };

    expect(tableFaults(modules, tree, table)).toEqual([
      'lib/core imports lib/wire, which does not stand before it',
      'lib/core imports types alone from lib/wire',
      'lib/core has no use for clock',
      'lib/wire does not import lib/core',
      'lib/wire does not use jose',
      'lib/wire does not use node:fs',
    ]);
  });

  it('finds a circle of types', async () => {
    const { modules } = await plant({
      'lib/core/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;\n",
      'lib/core/b.ts': "import type { A } from './a.ts';\nexport type B = A | 2;\n",
    });

    expect(circlesOf(modules)).toEqual([['lib/core/a.ts', 'lib/core/b.ts']]);
  });
});
