import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cruiseModules, faultsOf } from './support/architecture/cruise.ts';
import type { House } from './support/architecture/layers.ts';

/**
 * The rooms, from the bottom up, and what each may reach. This table is the documentation of it: a new door between
 * two rooms is a line here, and a review of that line.
 */
const app: House = {
  // The language, and reading text.
  'lib/sts': {},
  'lib/wire': { brokerDeps: ['lib/sts'] },

  // What clouds are made of. None knows a cloud.
  'lib/signers': { brokerDeps: ['lib/sts', 'lib/wire'], reveals: true },
  'lib/policies': { brokerDeps: ['lib/sts', 'lib/wire'] },

  // What credentials are written as, wherever they go.
  'lib/formats': { brokerDeps: ['lib/sts'], reveals: true },

  // One folder per cloud. No cloud knows another, the network, the clock or the registry.
  'lib/clouds/json': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/signers', 'lib/policies', 'lib/clouds', 'lib/formats'],
    packages: ['valibot'],
    reveals: true,
  },
  'lib/clouds/*': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/signers', 'lib/policies', 'lib/clouds'],
    packages: ['valibot'],
    reveals: true,
  },
  'lib/clouds': { brokerDeps: ['lib/sts', 'lib/wire'] },
  'lib/clouds/index.ts': { brokerDeps: ['lib/sts', 'lib/clouds/*', 'lib/clouds/json'] },

  // The edges: where things are remembered, sent and written down.
  'lib/seal': { brokerDeps: ['lib/sts'], moment: true, reveals: true },
  // The services of AWS that this process uses in its own name.
  'lib/aws': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/signers'],
    node: ['node:fs/promises'],
    moment: true,
    reveals: true,
  },
  // Where secrets of the configuration are kept, if not here.
  'lib/references': { brokerDeps: ['lib/sts', 'lib/wire', 'lib/signers', 'lib/aws'], moment: true, reveals: true },
  'lib/stores': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/signers', 'lib/seal', 'lib/aws'],
    types: ['lib/transport'],
    packages: ['lru.min', 'ioredis'],
    node: ['node:fs', 'node:fs/promises', 'node:net', 'node:path', 'node:sqlite', 'node:tls'],
    moment: true,
    reveals: true,
  },
  'lib/transport': {
    brokerDeps: ['lib/sts'],
    node: ['node:http', 'node:https', 'node:net', 'node:tls', 'node:dns'],
    moment: true,
  },
  'lib/audit': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/signers'],
    types: ['lib/transport'],
    node: ['node:fs', 'node:fs/promises', 'node:events', 'node:stream'],
    moment: true,
  },

  // The journey's own rooms.
  'lib/access': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/signers', 'lib/policies', 'lib/seal'],
    types: ['lib/transport'],
    packages: ['jose', 'lru.min'],
    node: ['node:net'], // isIP and BlockList, for grants by source address
    moment: true,
    reveals: true,
  },
  'lib/authority': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/seal', 'lib/policies'],
    packages: ['lru.min'],
    moment: true,
    reveals: true,
  },
  'lib/mint': {
    brokerDeps: ['lib/sts', 'lib/wire'],
    types: ['lib/transport'],
    packages: ['lru.min'],
    node: ['node:timers/promises'],
    moment: true,
    // To put credentials where they are shared, in a store that seals them.
    reveals: true,
  },
  'lib/config': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/policies', 'lib/access', 'lib/audit', 'lib/seal'],
    types: [
      'lib/references',
      'lib/authority',
      'lib/faults',
      'lib/stores',
      'lib/aws',
      'lib/delivery',
      'lib/events',
      'lib/leases',
    ],
    packages: ['valibot', 'jose'],
    node: ['node:fs', 'node:fs/promises', 'node:net', 'node:path'],
    environment: true,
    reveals: true,
  },
  // Credentials that are kept fresh, and where they go.
  // Mint requests that come as events, and the replies to them.
  'lib/events': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/signers', 'lib/access', 'lib/aws', 'lib/delivery', 'lib/journey'],
    packages: ['jose', 'valibot'],
    moment: true,
    reveals: true,
  },
  'lib/delivery': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/signers', 'lib/aws', 'lib/formats'],
    node: ['node:fs/promises', 'node:path'],
    moment: true,
    reveals: true,
    // To open what was closed for a recipient.
    packages: ['jose'],
  },
  'lib/leases': {
    brokerDeps: ['lib/sts', 'lib/wire', 'lib/access', 'lib/mint', 'lib/delivery'],
    moment: true,
    reveals: true,
  },
  // What a careful reader says of a configuration, or of a request.
  'lib/review': { brokerDeps: ['lib/sts', 'lib/wire', 'lib/access'], types: ['lib/config'], reveals: true },
  // What is counted, and how it is told. A function carries no more of it than it tells.
  'lib/metrics': { brokerDeps: ['lib/sts'], types: ['lib/mint'] },
  'lib/journey': { brokerDeps: ['lib/sts', 'lib/access', 'lib/mint', 'lib/authority'], moment: true },
  'lib/broker.ts': { brokerDeps: ['lib/sts', 'lib/access', 'lib/mint', 'lib/authority', 'lib/journey'], moment: true },

  // The doorframe: it makes the rooms and hands them to each other.
  'lib/platform': {
    brokerDeps: [
      'lib/sts',
      'lib/wire',
      'lib/signers',
      'lib/policies',
      'lib/clouds',
      'lib/clouds/index.ts',
      'lib/seal',
      'lib/stores',
      'lib/transport',
      'lib/audit',
      'lib/access',
      'lib/authority',
      'lib/mint',
      'lib/metrics',
      'lib/aws',
      'lib/references',
      'lib/delivery',
      'lib/events',
      'lib/leases',
      'lib/config',
      'lib/review',
      'lib/journey',
      'lib/broker.ts',
      'lib/platform/tls.ts',
    ],
    packages: ['@middy/core', '@types/aws-lambda', 'aws-lambda'],
    node: ['node:http', 'node:https', 'node:net', 'node:fs', 'node:path', 'node:url', 'node:timers/promises'],
    moment: true,
  },
  // The one place of the doorframe where a private key is handed to the network.
  'lib/platform/tls.ts': {
    brokerDeps: ['lib/sts', 'lib/config', 'lib/platform'],
    node: ['node:http', 'node:https', 'node:net', 'node:tls'],
    reveals: true,
  },
  'lib/laptop': {
    brokerDeps: [
      'lib/sts',
      'lib/wire',
      'lib/signers',
      'lib/policies',
      'lib/clouds/index.ts',
      'lib/seal',
      'lib/stores',
      'lib/transport',
      'lib/audit',
      'lib/access',
      'lib/authority',
      'lib/mint',
      'lib/leases',
      'lib/config',
      'lib/events',
      'lib/journey',
      'lib/broker.ts',
      'lib/platform',
    ],
    packages: ['jose'],
    node: ['node:fs', 'node:fs/promises', 'node:os', 'node:path', 'node:url'],
    moment: true,
    reveals: true,
  },

  // An authority that misbehaves. No function carries it.
  'lib/faults': { brokerDeps: ['lib/sts'], types: ['lib/authority', 'lib/platform'] },

  // For those who deploy no functions.
  'lib/server': {
    brokerDeps: ['lib/sts', 'lib/faults', 'lib/metrics', 'lib/config', 'lib/platform'],
    node: ['node:cluster', 'node:events', 'node:http', 'node:net', 'node:os'],
    moment: true,
  },

  // Doors name their clouds, and nothing else.
  functions: { brokerDeps: ['lib/platform', 'lib/clouds/index.ts'] },
  bin: {
    brokerDeps: [
      'lib/sts',
      'lib/access',
      'lib/audit',
      'lib/stores',
      'lib/config',
      'lib/review',
      'lib/seal',
      'lib/delivery',
      'lib/laptop',
      'lib/platform',
      'lib/faults',
      'lib/server',
      'lib/clouds/index.ts',
      'functions',
    ],
    packages: ['jose', 'valibot'],
    node: [
      'node:cluster',
      'node:events',
      'node:fs',
      'node:http',
      'node:https',
      'node:process',
      'node:path',
      'node:url',
      'node:util',
    ],
    environment: true,
    moment: true,
  },
};

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the house', () => {
  it('keeps every door between rooms as the table has it', async () => {
    const modules = await cruiseModules(root);

    // A cruiser that cannot read TypeScript finds nothing, and nothing to object to.
    expect(modules.length).toBeGreaterThan(20);
    expect(modules.flatMap((module) => module.dependencies).length).toBeGreaterThan(20);
    expect(faultsOf(modules, root, app)).toEqual([]);
  });
});

describe('the table', () => {
  let planted: string;

  beforeAll(() => {
    planted = mkdtempSync(join(tmpdir(), 'credmint-house-'));
    cpSync(join(root, 'package.json'), join(planted, 'package.json'));
    writeFileSync(join(planted, 'tsconfig.json'), '{ "compilerOptions": { "module": "NodeNext" } }');
  });
  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  /** What is said of a tree that holds these files and those that they name. */
  const judge = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
    const tree = join(planted, crypto.randomUUID());
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    return faultsOf(await cruiseModules(tree), tree, app);
  };

  const value = 'export const value = 1;\n';
  const named = (file: string, from: string): string =>
    `import { value } from '${from}';\nexport const ${file} = value;\n`;

  it('has nothing to say of a tree that keeps to it', async () => {
    const faults = await judge({
      'lib/sts/a.ts': value,
      'lib/wire/a.ts': named('a', '../sts/a.ts'),
      'lib/clouds/parameters.ts': named('a', '../wire/a.ts'),
      'lib/clouds/aws/a.ts': `${named('a', '../parameters.ts')}export { a as b } from '../../wire/a.ts';\n`,
      'lib/clouds/index.ts': `export { a } from './aws/a.ts';\n`,
      'functions/sts.ts': `export { a } from '../lib/clouds/index.ts';\n`,
      'lib/transport/a.ts':
        "import { request } from 'node:https';\nexport type A = typeof request;\nexport const a = request;\n",
      'lib/mint/a.ts': "import type { A } from '../transport/a.ts';\nexport type B = A;\n",
      'lib/laptop/a.ts': "import type { Server } from 'node:http';\nexport type A = Server;\n",
      'lib/config/a.ts': 'export const a = process.env;\n',
    });

    expect(faults).toEqual([]);
  });

  it.each([
    {
      rule: 'the language imports nothing',
      files: { 'lib/sts/a.ts': named('a', '../wire/b.ts'), 'lib/wire/b.ts': value },
      fault: 'lib/sts/a.ts -> lib/wire/b.ts: lib/sts may import nothing',
    },
    {
      rule: 'a type is an import too',
      files: {
        'lib/sts/a.ts': "import type { B } from '../wire/b.ts';\nexport type A = B;\n",
        'lib/wire/b.ts': 'export type B = 1;\n',
      },
      fault: 'lib/sts/a.ts -> lib/wire/b.ts: lib/sts may import nothing',
    },
    {
      rule: 'no cloud imports another',
      files: { 'lib/clouds/aws/a.ts': named('a', '../ucloud/b.ts'), 'lib/clouds/ucloud/b.ts': value },
      fault: 'lib/clouds/aws/a.ts -> lib/clouds/ucloud/b.ts: no two of lib/clouds/* may know each other',
    },
    {
      rule: 'no cloud imports the registry',
      files: { 'lib/clouds/aws/a.ts': named('a', '../index.ts'), 'lib/clouds/index.ts': value },
      fault:
        'lib/clouds/aws/a.ts -> lib/clouds/index.ts: lib/clouds/* may import lib/sts, lib/wire, lib/signers, lib/policies, lib/clouds',
    },
    {
      rule: 'no cloud reaches the network by way of the transport',
      files: { 'lib/clouds/aws/a.ts': named('a', '../../transport/b.ts'), 'lib/transport/b.ts': value },
      fault:
        'lib/clouds/aws/a.ts -> lib/transport/b.ts: lib/clouds/* may import lib/sts, lib/wire, lib/signers, lib/policies, lib/clouds',
    },
    {
      rule: 'a lazy import is an import',
      files: {
        'lib/wire/a.ts': "export const a = () => import('../stores/b.ts');\n",
        'lib/stores/b.ts': value,
      },
      fault: 'lib/wire/a.ts -> lib/stores/b.ts: lib/wire may import lib/sts',
    },
    {
      rule: 'no cloud opens a connection',
      files: { 'lib/clouds/aws/a.ts': "import { request } from 'node:https';\nexport const a = request;\n" },
      fault: 'lib/clouds/aws/a.ts -> node:https: lib/clouds/* may not use it',
    },
    {
      rule: 'only the transport and the doorframe speak HTTP',
      files: { 'lib/mint/a.ts': "import http from 'node:http';\nexport const a = http;\n" },
      fault: 'lib/mint/a.ts -> node:http: lib/mint may not use it',
    },
    {
      rule: 'no cloud reads the clock',
      files: { 'lib/clouds/aws/a.ts': 'export const a = () => Date.now();\n' },
      fault: 'lib/clouds/aws/a.ts -> Date.now: lib/clouds/* is handed the moment',
    },
    {
      rule: 'no signer draws a random number',
      files: { 'lib/signers/a.ts': "import { randomBytes } from 'node:crypto';\nexport const a = randomBytes(8);\n" },
      fault: 'lib/signers/a.ts -> randomBytes: lib/signers is handed the moment',
    },
    {
      rule: 'what is written down holds no secret',
      files: { 'lib/audit/a.ts': 'export const a = (secret: { reveal(): string }) => secret.reveal();\n' },
      fault: 'lib/audit/a.ts -> reveal(): lib/audit may not open a secret',
    },
    {
      rule: 'only the configuration reads the environment',
      files: { 'lib/platform/a.ts': 'export const a = process.env;\n' },
      fault: 'lib/platform/a.ts -> process.env: lib/platform may not read the environment',
    },
    {
      rule: 'the mint is handed its transport',
      files: { 'lib/mint/a.ts': named('a', '../transport/b.ts'), 'lib/transport/b.ts': value },
      fault: 'lib/mint/a.ts -> lib/transport/b.ts: lib/mint may import types alone from lib/transport',
    },
    {
      rule: 'the mint knows no store by name',
      files: { 'lib/mint/a.ts': named('a', '../stores/b.ts'), 'lib/stores/b.ts': value },
      fault: 'lib/mint/a.ts -> lib/stores/b.ts: lib/mint may import lib/sts, lib/wire, types of lib/transport',
    },
    {
      rule: 'the journey knows no cloud',
      files: { 'lib/broker.ts': named('a', './clouds/index.ts'), 'lib/clouds/index.ts': value },
      fault:
        'lib/broker.ts -> lib/clouds/index.ts: lib/broker.ts may import lib/sts, lib/access, lib/mint, lib/authority, lib/journey',
    },
    {
      rule: 'nothing in the house imports a door',
      files: { 'lib/platform/a.ts': named('a', '../../functions/b.ts'), 'functions/b.ts': value },
      fault: /^lib\/platform\/a\.ts -> functions\/b\.ts: lib\/platform may import /,
    },
    {
      rule: 'a door names its clouds, and nothing else',
      files: { 'functions/a.ts': named('a', '../lib/mint/b.ts'), 'lib/mint/b.ts': value },
      fault: 'functions/a.ts -> lib/mint/b.ts: functions may import lib/platform, lib/clouds/index.ts',
    },
    {
      rule: 'a door takes no cloud past the registry',
      files: { 'functions/a.ts': named('a', '../lib/clouds/aws/b.ts'), 'lib/clouds/aws/b.ts': value },
      fault: 'functions/a.ts -> lib/clouds/aws/b.ts: functions may import lib/platform, lib/clouds/index.ts',
    },
    {
      rule: 'a package is used by the rooms that name it',
      files: { 'lib/clouds/aws/a.ts': "import { jwtVerify } from 'jose';\nexport const a = jwtVerify;\n" },
      fault: 'lib/clouds/aws/a.ts -> jose: lib/clouds/* may import valibot',
    },
    {
      rule: 'no vendor SDK is used at all',
      files: { 'lib/platform/a.ts': "import { STS } from '@aws-sdk/client-sts';\nexport const a = STS;\n" },
      fault: /^lib\/platform\/a\.ts -> @aws-sdk\/client-sts: lib\/platform may import /,
    },
    {
      rule: 'every import leads somewhere',
      files: { 'lib/sts/a.ts': named('a', './b.ts') },
      fault: 'lib/sts/a.ts -> ./b.ts: there is no such file',
    },
    {
      rule: 'every file has a room',
      files: { 'lib/elsewhere/a.ts': value },
      fault: 'lib/elsewhere/a.ts: is in no room of the table',
    },
  ])('says where it is broken: $rule', async ({ files, fault }) => {
    expect(await judge(files as Readonly<Record<string, string>>)).toEqual([
      typeof fault === 'string' ? fault : expect.stringMatching(fault),
    ]);
  });
});
