import { spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clouds } from '../../lib/clouds/dialects.ts';
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
  const text = welcome({ access: app.access, envPath, configPath: '', consoleLink: '' }, clouds);
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
    expect(commands).toHaveLength(clouds.length);
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

  it.each(clouds.map((cloud) => [cloud.title, cloud] as const))(
    'mint as %s does when they are pasted',
    async (title, cloud) => {
      const body = await paste(lines[title] ?? []);
      const { sessionToken } = cloud.provider.normalize({ status: 200, headers: {}, body }, 'AssumeRole');
      expect(sessionToken.reveal()).not.toBe('');
      expect(app.records.at(-1)).toMatchObject({ outcome: 'Done', operation: 'AssumeRole', dialect: cloud.id });
    },
  );
});

it('has no link to the page if there is none', () => {
  const text = welcome({ access: app.access, envPath, configPath: '' }, clouds);
  expect(text).not.toMatch(/undefined|in a browser/);
});
