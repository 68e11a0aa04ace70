import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const credmint = (args: readonly string[]) =>
  spawnSync(process.execPath, [at('bin/credmint.ts'), ...args], {
    encoding: 'utf8',
    cwd: at('examples/prove'),
    env: { PATH: process.env['PATH'] },
  });

/** Each command of the page, with what it prints and how it exits. */
const commands = [
  ...readFileSync(at('docs/prove.md'), 'utf8').matchAll(
    /```console\n\$ npx credmint (.*)\n([\s\S]*?)\n```\n\nIt exits with (\d)\./g,
  ),
].map(([, command = '', output = '', status = '']) => [command, output, Number(status)] as const);

describe('the page about proofs', () => {
  it('shows commands', () => {
    expect(commands.length).toBeGreaterThan(5);
  });

  it.each(commands)('is true of credmint %s', (command, output, status) => {
    const result = credmint(command.split(' '));
    expect([result.stdout.trimEnd(), result.status]).toEqual([output, status]);
  });
});

describe('credmint prove', () => {
  it('writes a comment for a pull request', () => {
    const { stdout, status } = credmint(['prove', 'diff', 'main.json', 'pull-request.json', '--markdown']);
    expect(status).toBe(1);
    expect(stdout).toContain('**Newly admitted**');
    expect(stdout).toContain('repo:acme/b:ref:refs/heads/main');
  });

  it('writes whole witnesses as JSON', () => {
    const { stdout } = credmint(['prove', 'who', '--account', 'prod', '--config', 'main.json', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { grant: 'deploy', caller: 'site', finding: { kind: 'found', witness: { claims: { repository: 'acme/site' } } } },
    ]);
  });

  it('says how it is used, if a question is not whole', () => {
    for (const args of [['prove'], ['prove', 'who'], ['prove', 'diff', 'main.json'], ['prove', 'lint', 'main.json']]) {
      const { status, stderr } = credmint(args);
      expect([status, stderr]).toEqual([2, expect.stringContaining('credmint prove who')]);
    }
  });
});
