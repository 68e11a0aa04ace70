import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../bin/command-line.ts';
import { audit } from '../../bin/commands/audit.ts';
import { check } from '../../bin/commands/check.ts';
import type { Command } from '../../bin/commands/command.ts';
import { completion } from '../../bin/commands/completion.ts';
import { doctor } from '../../bin/commands/doctor.ts';
import { open } from '../../bin/commands/open.ts';
import { prove } from '../../bin/commands/prove.ts';
import { seal } from '../../bin/commands/seal.ts';
import { clouds } from '../../lib/clouds/dialects.ts';

const commands: Record<string, () => Promise<Command>> = {
  audit: async () => audit,
  check: async () => check,
  doctor: async () => doctor,
  open: async () => open,
  prove: async () => prove,
  seal: async () => seal,
  completion: async () => completion(commands),
};

const run = async (...args: string[]) => {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const io = { clouds, stdout: into('stdout'), stderr: into('stderr'), environment: {} };
  return { code: await runCommandLine(args, { commands, version: async () => '1.2.3', io }), ...said };
};

const file = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'credmint-line-')), 'config.json');
  writeFileSync(path, text);
  return path;
};

describe('the command line', () => {
  it.each([
    [[]],
    [['--help']],
    [['-h']],
    [['help']],
    [['check', '--help']],
    [['check', '-h']],
    [['help', 'check']],
    [['audit', '--help']],
    [['audit', 'show', '--help']],
    [['audit', 'verify', '-h']],
    [['audit', 'show', 'x', '--help']],
    [['help', 'audit']],
    [['help', 'audit', 'show']],
    [['help', '--help']],
  ])('helps on standard output and exits with 0: %j', async (args) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('credmint');
  });

  it('says which version it is', async () => {
    expect(await run('--version')).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('names the nearest command and the nearest option', async () => {
    expect(await run('chekc')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('mean check?') });
    expect(await run('check', '--strickt')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('mean --strict?'),
    });
    expect((await run('zzzzzz')).stderr).toContain('`credmint help` lists the commands');
  });

  it('helps with the very command that is asked about', async () => {
    expect((await run('audit', '--help')).stdout).toMatch(
      /^credmint audit COMMAND\n\n {2}verify +prove.*\n {2}show +show/,
    );
    expect((await run('audit', 'show', '--help')).stdout).toMatch(/^credmint audit show /);
    expect((await run('help', 'audit', 'verify')).stdout).toMatch(/^credmint audit verify /);
  });

  it.each([
    [['help', 'chekc'], 'credmint has no command of that name. Did you mean check?'],
    [['audit', 'shwo'], 'credmint audit has no command of that name. Did you mean show?'],
    [['help', 'audit', 'shwo'], 'credmint audit has no command of that name. Did you mean show?'],
    [['audit', 'zzzzzz'], 'credmint audit has no command of that name. `credmint help audit` lists the commands.'],
  ])('names what there is instead of %j', async (args, says) => {
    expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr: `${says}\n` });
  });

  it('takes an option of a command within a command for what it is, and names the nearest', async () => {
    const { code, stderr } = await run('audit', 'show', 'x', '--outcom', 'Done');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean --outcome?')]);
    expect(stderr).toContain('credmint audit show FILE');
  });

  it('names the file that is not there, and what a flag must be', async () => {
    expect(await run('doctor', '/no/such/file', '--config', file('{}'))).toMatchObject({
      code: 2,
      stderr: '/no/such/file: nothing is there (ENOENT)\n',
    });
    const folder = dirname(file('{}'));
    expect((await run('doctor', folder, '--config', file('{}'))).stderr).toBe(`${folder}: it is a folder (EISDIR)\n`);
    expect((await run('doctor', 'x', '--at', 'noon', '--config', file('{}'))).stderr).toContain(
      '--at must be an instant',
    );
  });

  it.each([
    [['doctor'], 'FILE or --account is missing.'],
    [['open'], 'FILE is missing.'],
    [['open', 'reply.json'], '--key is missing.'],
    [['seal'], 'KEY-ID is missing.'],
    [['seal', 'AKID'], '--ring is missing.'],
    [['prove', 'who'], '--account is missing.'],
    [['audit', 'verify', 'audit.jsonl'], '--key is missing.'],
  ])('names what %j lacks, before how it is used', async (args, says) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout, stderr.split('\n')[0]]).toEqual([2, '', says]);
    expect(stderr).toContain(`credmint ${args.slice(0, 1).join(' ')}`);
  });

  it.each(['{', '[]', '{"kty": "EC"}'])(
    'tells a key file that has no private key from a reply of another: %s',
    async (text) => {
      const key = file(text);
      expect(await run('open', file('{}'), '--key', key)).toEqual({
        code: 2,
        stdout: '',
        stderr: `${key}: contains no private JSON Web Key.\n`,
      });
    },
  );

  it.each(['bash', 'zsh', 'fish'])('completes commands and options in %s', async (shell) => {
    const { code, stdout } = await run('completion', shell);
    expect(code).toBe(0);
    expect(stdout).toContain('check');
    expect(stdout).toMatch(/-?-?strict/);
    expect(stdout).toMatch(/audit.*\bshow\b/);
    expect(stdout).toMatch(/-?-?outcome/);
  });
});

describe('credmint check', () => {
  const examples = ['access', 'callers'].flatMap((kind) => {
    const folder = fileURLToPath(new URL(`../../examples/${kind}/`, import.meta.url));
    return readdirSync(folder).flatMap((name) => (/^[^.]+\.json$/.test(name) ? [join(folder, name)] : []));
  });

  it.each(examples)('finds the form of %s good without its secrets', async (path) => {
    const { code, stdout, stderr } = await run('check', '--form', '--config', path);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(' is whoever has ');
  });

  it('names the place of each fault, and what was probably meant', async () => {
    const path = file('{\n  "accounts": {},\n  "grant": [],\n  "server": {"port": 70000}\n}');
    const { code, stderr } = await run('check', '--form', '--config', path);
    expect(code).toBe(2);
    expect(stderr).toContain('grant: is not known here; did you mean grants? (line 3, column 3)');
    expect(stderr).toContain('server.port: must be at most 65535 (line 4, column 14)');
  });

  it('lists what is meant in words, and no type of a schema', async () => {
    const path = file('{"accounts": {"a": {"cloud": "azure"}}}');
    expect((await run('check', '--config', path)).stderr).toContain(
      'accounts.a.cloud: must be tencent-v2, tencent-v3, ucloud, ecs, alibaba, volcengine, huawei, aws, r2 or authority',
    );
  });

  it('prints the same as JSON', async () => {
    const { stdout } = await run('check', '--form', '--json', '--config', examples[0] ?? '');
    expect(JSON.parse(stdout)).toMatchObject({
      accounts: [expect.anything()],
      callers: [expect.objectContaining({ is: expect.stringContaining('is whoever has') })],
    });
  });
});
