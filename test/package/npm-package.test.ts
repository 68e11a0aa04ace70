import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/bundle.ts';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}

const folder = mkdtempSync(join(tmpdir(), 'credmint-npm-'));
const consumer = join(folder, 'consumer');
const installed = join(consumer, 'node_modules', 'credmint');
let packed: Packed;

const run = (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
};

/** The Node that a machine has besides the one of this checkout. */
const otherNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((path) => !path.includes('node_modules'))
  .map((path) => join(path, 'node'))
  .find((path) => existsSync(path));

beforeAll(() => {
  // A copy: packing exchanges package.json for a moment, which other tests read.
  const checkout = join(folder, 'checkout');
  for (const name of ['bin', 'lib', 'functions', 'schema', 'scripts', 'package.json', 'README.md', 'LICENSE'])
    cpSync(join(root, name), join(checkout, name), { recursive: true });
  for (const name of ['tsconfig.json', 'tsconfig.package.json', '.npmrc'])
    cpSync(join(root, name), join(checkout, name));
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  const before = readFileSync(join(checkout, 'package.json'), 'utf8');
  const { status, stdout, stderr } = run('npm', ['pack', '--json', '--offline', '--loglevel=error'], checkout);
  if (status !== 0) throw new Error(stderr);
  packed = Object.values(JSON.parse(stdout) as Record<string, Packed>)[0] as Packed;
  expect(readFileSync(join(checkout, 'package.json'), 'utf8')).toBe(before);

  // As npm installs it, without a network: unpacked, its dependencies beside it, its command linked.
  mkdirSync(installed, { recursive: true });
  const tarball = join(checkout, packed.filename);
  expect(run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], folder)).toMatchObject({ status: 0 });
  const { dependencies } = manifest();
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(join(consumer, 'node_modules', name, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(consumer, 'node_modules', name));
  }
  mkdirSync(join(consumer, 'node_modules', '.bin'));
  symlinkSync('../credmint/bin/credmint.js', join(consumer, 'node_modules', '.bin', 'credmint'));
  writeFileSync(join(consumer, 'package.json'), '{"type":"module"}');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = (): Manifest => JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest;

describe('the npm package', () => {
  it('holds built JavaScript, declarations and schemas, and is small', () => {
    const strangers = packed.files
      .map(({ path }) => path)
      .filter((path) => !/^(dist\/npm\/.*(\.js|\.d\.ts)|schema\/.*\.json|bin\/credmint\.js)$/.test(path));

    expect(strangers.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(packed.size).toBeLessThan(1_000_000);
  });

  it('brings no Node of its own, and runs no script where it is installed', () => {
    expect(Object.keys(manifest())).not.toContain('optionalDependencies');
    expect(Object.keys(manifest())).not.toContain('scripts');
    expect(manifest().engines.node).toBe('>=20.12');
  });

  it('answers npx', () => {
    // Of npm's own variables some say which package this test is run by.
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
    const environment = { ...Object.fromEntries(others), npm_config_offline: 'true', npm_config_cache: folder };
    const { status, stdout } = run('npx', ['credmint', '--help'], consumer, environment);

    expect(status).toBe(0);
    expect(stdout).toContain('credential-process');
  });

  it.runIf(otherNode !== undefined)('runs on the Node that the machine has', () => {
    const bin = join(installed, 'bin', 'credmint.js');

    expect(run(otherNode ?? '', [bin, '--help'], consumer)).toMatchObject({ status: 0, stderr: '' });
    expect(run(otherNode ?? '', [bin, 'get', '--lease', 'x'], consumer, { PATH: '' })).toMatchObject({ status: 2 });
  });

  it('can be imported', () => {
    const source = `import { openReply } from 'credmint'; import { connect, ClientError } from 'credmint/client';
      const { credentials } = connect({ server: 'http://127.0.0.1:9', token: () => 'a.b.c' });
      await openReply('x', {}).catch(() => console.log('closed'));
      await credentials({ kind: 'lease', lease: 'x' }).catch((e) => console.log(e instanceof ClientError, e.code));`;
    const node = otherNode ?? process.execPath;

    expect(run(node, ['--input-type=module', '-e', source], consumer)).toEqual({
      status: 0,
      stdout: 'closed\ntrue ServerUnreachable\n',
      stderr: '',
    });
  });

  it('has types, which see a mistake', () => {
    const source = `import { openReply, type OpenedReply } from 'credmint';
      import { connect } from 'credmint/client';
      const connection = connect({ server: 'https://c.example', token: async () => 't' });
      export const opened: Promise<OpenedReply> = openReply({}, { kty: 'EC' });
      export const end: Promise<Date> = connection.credentials({ kind: 'lease', lease: 'x' }).then((it) => it.expiration);
      // @ts-expect-error There is no such kind of question.
      export const wrong = connection.credentials({ kind: 'leash', lease: 'x' });`;
    writeFileSync(join(consumer, 'use.ts'), source);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];

    expect(run(process.execPath, [tsc, ...flags, 'use.ts'], consumer)).toMatchObject({ status: 0, stdout: '' });
  }, 120_000);
});
