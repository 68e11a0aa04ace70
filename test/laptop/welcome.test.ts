import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { welcome } from '../../lib/laptop/welcome.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';

/** The lines are for a shell that has these; where one is missing, there is nothing to paste them into. */
const tools = ['sh', 'curl', 'openssl', 'base64', 'od'];
const has = (tool: string): boolean => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;

let app: LaptopApp;
let lines: Readonly<Record<string, readonly string[]>>;
let envPath: string;

beforeAll(async () => {
  app = await openLaptopApp();
  envPath = `${app.folder}/env`;
  const text = welcome({ access: app.access, envPath, configPath: '' } as Parameters<typeof welcome>[0]);
  const chapters = text.split(/\n# (.*)\n/).slice(1);
  lines = Object.fromEntries(
    chapters.flatMap((chapter, index) => {
      if (index % 2 === 1) return [];
      const commands = (chapters[index + 1] ?? '').split('\n\nThe key')[0] ?? '';
      return [[chapter, commands.trimEnd().split(/(?<!\\)\n/)]];
    }),
  );
});
afterAll(() => app.close());

/** Pastes lines into a shell that has read the private file. */
const paste = (commands: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const shell = spawn('sh', ['-c', [`. '${envPath}'`, ...commands].join('\n')]);
    let said = '';
    shell.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
    shell.on('close', () => resolve(said));
  });

describe.skipIf(!tools.every(has))('the lines that are printed at the start', () => {
  it('mint from each account by the JSON API when they are pasted', async () => {
    const commands = lines['The JSON API, one line for each account'] ?? [];
    expect(commands).toHaveLength(5);
    for (const [index, command] of commands.entries()) {
      expect(JSON.parse(await paste([command]))).toMatchObject({
        account: app.access.accounts[index],
        credentials: { sessionToken: expect.any(String) },
      });
    }
  });

  it('read the lease that the server keeps when they are pasted', async () => {
    await app.keepFresh();
    expect(await paste(lines['A lease: credentials that are kept fresh'] ?? [])).toMatch(/^AWS_ACCESS_KEY_ID='ASIA/);
  });

  it.each([
    ['AWS', /<SessionToken>/],
    ['Tencent Cloud API 3.0 (HmacSHA256)', /"Token":"/],
    ['Tencent Cloud API 2.0', /"sessionToken":"/],
    ['UCloud', /"SecurityToken":"/],
    ['Dell ECS', /SessionToken>/],
  ])('mint in the words of %s when they are pasted', async (chapter, token) => {
    const commands = lines[chapter];
    if (commands === undefined) throw new Error(`There is no ${chapter}.`);
    expect(await paste(commands)).toMatch(token);
    expect(app.records.at(-1)).toMatchObject({ outcome: 'Done', operation: 'AssumeRole' });
  });
});
