import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../bin/commands/audit.ts';
import { type Happening, newKey, writeLog } from '../support/audit-logs.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-command-'));
const inFolder = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = newKey();
const records = (count: number, instance = 0): Happening[] =>
  Array.from({ length: count }, () => ({ instance, what: 'record', session: 'me' }));
const lines = writeLog(key, { everyRecords: 2, all: [...records(3), ...records(2, 1)] });
const put = (name: string, content: readonly string[]): string => {
  writeFileSync(inFolder(name), `${content.join('\n')}\n`);
  return inFolder(name);
};
const keyFile = inFolder('audit.pub.pem');
beforeAll(() => writeFileSync(keyFile, key.publicKey.export({ type: 'spki', format: 'pem' })));

const run = async (...args: string[]) => {
  const said = { out: '', err: '' };
  const collect = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const code = await audit.run(args, {
    stdout: collect('out'),
    stderr: collect('err'),
    clouds: [],
    environment: {},
  });
  return { code, ...said };
};

describe('credmint audit verify', () => {
  it('says that a log is whole', async () => {
    const { code, out } = await run('verify', put('whole', lines), '--key', keyFile, '--complete');

    expect(out).toBe(
      ['The log is whole.', '11 lines, 2 chains, 6 checkpoints', 'proven: 5 records', 'unproven: 0 records', ''].join(
        '\n',
      ),
    );
    expect(code).toBe(0);
  });

  it('takes many files as one log, and a private key for its public half', async () => {
    const files = [put('one', lines.slice(0, 4)), put('two', lines.slice(4))];
    const privateFile = inFolder('audit.pem');
    writeFileSync(privateFile, key.privateKey.export({ type: 'pkcs8', format: 'pem' }));

    expect(await run('verify', ...files, '--key', privateFile)).toMatchObject({ code: 0 });
    // The younger file first: its lines come before their time.
    expect(await run('verify', ...files.toReversed(), '--key', keyFile)).toMatchObject({ code: 1 });
  });

  it('names the first bad record, and what is wrong with it', async () => {
    const file = put('changed', lines.with(2, (lines[2] ?? '').replace('"Done"', '"Internal"')));
    const { code, out } = await run('verify', file, '--key', keyFile);

    expect(out).toContain(
      `THE LOG IS NOT WHOLE. The first bad record:\n  ${file}:3: The line was changed: its hash is not the one that it states. (chain ${'1'.padStart(32, '0')}, number 2)\n`,
    );
    expect(code).toBe(1);
  });

  it('counts what is not proven, and names chains that have no end', async () => {
    const file = put('open', lines.slice(0, 3));
    const { code, out } = await run('verify', file, '--key', keyFile);

    expect(out).toContain('unproven: 2 records\n');
    expect(out).toContain(`chain ${'1'.padStart(32, '0')} has no end yet, last seen at ${file}:3, number 2`);
    expect(code).toBe(0);
    expect(await run('verify', file, '--key', keyFile, '--complete')).toMatchObject({ code: 1 });
  });

  it.each([
    ['no command', [], 'credmint audit COMMAND'],
    ['another command', ['repair', 'somewhere'], 'credmint audit has no command of that name.'],
    ['nearly a command', ['verfy', 'somewhere'], 'Did you mean verify?'],
  ])('asks for what it needs: %s', async (_, args, says) => {
    const { code, out, err } = await run(...args);

    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(says);
  });

  it.each([
    ['no file', ['verify', '--key', keyFile], 'FILE is missing.'],
    ['no key', ['verify', 'somewhere'], '--key is missing.'],
    ['no file to show', ['show'], 'FILE is missing.'],
  ])('leaves to its caller to say what is missing: %s', async (_, args, says) => {
    await expect(run(...args)).rejects.toThrow(says);
  });

  it('names a folder that was given in place of a file', async () => {
    const folder = inFolder('.');
    const error = { code: 'EISDIR', path: folder };
    await expect(run('verify', folder, '--key', keyFile)).rejects.toMatchObject(error);
    await expect(run('verify', put('whole', lines), '--key', folder)).rejects.toMatchObject(error);
  });

  it('prints what it found as JSON', async () => {
    const { code, out } = await run('verify', put('json', lines), '--key', keyFile, '--json');

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, faults: [], lines: 11 });
  });

  it('takes no other key', async () => {
    const file = put('key', ['-----BEGIN PUBLIC KEY-----', 'AAAA', '-----END PUBLIC KEY-----']);

    expect(await run('verify', put('log', lines), '--key', file)).toMatchObject({
      code: 2,
      err: `${file}: contains no Ed25519 public key.\n`,
    });
  });

  it('leaves to its caller what cannot be read', async () => {
    await expect(run('verify', inFolder('nowhere'), '--key', keyFile)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
