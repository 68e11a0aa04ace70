import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { prove } from '../../bin/commands/prove.ts';
import { clouds } from '../../lib/clouds/dialects.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Runs a command as if in the folder of the examples. */
const credmint = async (args: readonly string[]) => {
  const output = { stdout: '', stderr: '' };
  const into = (name: keyof typeof output) => ({
    write: (text: string) => {
      output[name] += text;
    },
  });
  const [command, ...rest] = args.map((one) => (one.endsWith('.json') ? at(`examples/prove/${one}`) : one));
  expect(command).toBe('prove');
  const io = { clouds, environment: {}, stdout: into('stdout'), stderr: into('stderr') };
  return { status: await prove.run(rest, io), ...output };
};

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

  it.each(commands)('is true of credmint %s', async (command, output, status) => {
    const result = await credmint(command.split(' '));
    expect([result.stdout.trimEnd(), result.status]).toEqual([output, status]);
  });
});

describe('credmint prove', () => {
  it('writes a comment for a pull request', async () => {
    const { stdout, status } = await credmint(['prove', 'diff', 'main.json', 'pull-request.json', '--markdown']);
    expect(status).toBe(1);
    expect(stdout).toContain('**Newly admitted**');
    expect(stdout).toContain('repo:acme/b:ref:refs/heads/main');
  });

  it('writes whole witnesses as JSON', async () => {
    const { stdout } = await credmint(['prove', 'who', '--account', 'prod', '--config', 'main.json', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { grant: 'deploy', caller: 'site', finding: { kind: 'found', witness: { claims: { repository: 'acme/site' } } } },
    ]);
  });

  it('says how it is used, if a question is not whole', async () => {
    const cases = [
      { args: ['prove'], says: 'credmint prove COMMAND' },
      { args: ['prove', 'lnt'], says: 'Did you mean lint?' },
    ];
    for (const { args, says } of cases) {
      const { status, stderr } = await credmint(args);
      expect([status, stderr]).toEqual([2, expect.stringContaining(says)]);
    }
  });

  it.each([
    [['who'], '--account is missing.'],
    [['who', '--account', 'prdo'], '--account must be one of prod.'],
    [['who', '--account', 'prod', '--operation', 'AssumeRoll'], '--operation must be one of AssumeRole, '],
    [['diff', 'main.json'], 'Two files are compared: OLD and NEW.'],
    [['lint', 'main.json'], 'Unexpected argument'],
  ])('asks again, and never says "Nobody", if the question names what there is not: %j', async (args, says) => {
    const config = args[0] === 'who' ? ['--config', 'main.json'] : [];
    await expect(credmint(['prove', ...args, ...config])).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_PARSE_ARGS/),
      message: expect.stringContaining(says),
    });
  });

  it('says that nobody can have what is granted to nobody', async () => {
    const { status, stdout } = await credmint([
      ...['prove', 'who', '--account', 'prod', '--config', 'main.json'],
      ...['--operation', 'GetSessionToken'],
    ]);
    expect([status, stdout]).toEqual([0, 'Nobody.\n']);
  });
});
