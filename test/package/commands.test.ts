import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { root } from '../../scripts/bundle.ts';
import { recorded } from '../support/packaged/deployed.ts';
import { checkOut, runScript } from '../support/packaged/packaging.ts';
import { type Instance, startInstance } from '../support/packaged/runtime-api.ts';

// The commands of docs/deploy.md, in a checkout of their own.

let checkout: string;
let instance: Instance | undefined;
afterEach(async () => {
  await instance?.close();
  rmSync(checkout, { recursive: true, force: true });
});

const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8');

/** The words after `--` of a command as the page has it. */
const wordsOf = (script: string): readonly string[] =>
  new RegExp(`npm run ${script} -- ([^\`\\n]*)\``).exec(page)?.[1]?.trim().split(' ') ?? expect.unreachable();

/** The configuration that the page begins with. */
const written = (): string =>
  / {3}```json\n( {3}\{\n {5}"accounts"[\s\S]*?)```/.exec(page)?.[1] ?? expect.unreachable();

describe.each(['package', 'package:tencent', 'deploy:tencent', 'build'])('npm run %s', (script) => {
  it('without a configuration says what to do, with no stack trace', () => {
    checkout = checkOut(undefined);
    const { status, output } = runScript(checkout, script);

    expect(status).toBe(1);
    expect(output).toMatch(/credmint\.config\.json\.\nWrite one|TENCENTCLOUD_SECRET_ID/);
    expect(output).not.toMatch(/^\s+at /m);
    expect(existsSync(join(checkout, 'dist'))).toBe(false);
  }, 60_000);
});

describe('docs/deploy.md', () => {
  it('leads from a checkout and the configuration of the page to functions that answer', async () => {
    checkout = checkOut(JSON.parse(written()));
    const { status, output } = runScript(checkout, 'package', wordsOf('package'));

    expect(status, output).toBe(0);
    const health = recorded('health.v2');
    instance = await startInstance({ folder: join(checkout, 'dist/aws/health') });
    expect(await instance.invoke(health)).toMatchObject({ reply: { statusCode: 200 } });
    const template = readFileSync(join(checkout, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
    expect(template).toContain('"TableName": "credmint-live"');
  }, 240_000);

  it('deploys what was packaged, and says so if nothing was or if it was for another stage', () => {
    checkout = checkOut({});
    const nothing = runScript(checkout, 'deploy', wordsOf('deploy'));
    expect(nothing).toMatchObject({ status: 1, output: expect.stringContaining('Nothing is packaged here.') });

    expect(runScript(checkout, 'package', ['--stage', 'test']).status).toBe(0);
    const other = runScript(checkout, 'deploy', wordsOf('deploy'));
    expect(other).toMatchObject({ status: 1, output: expect.stringContaining('is for the stage test, not live') });
    // The framework goes as far as it can without credentials: it does not package again.
    const packaged = readFileSync(join(checkout, 'dist/aws/health.zip'));
    const { output } = runScript(checkout, 'deploy', ['--stage', 'test']);
    expect(output).toMatch(/credentials/i);
    expect(output).not.toMatch(/Packaging/);
    expect(readFileSync(join(checkout, 'dist/aws/health.zip')).equals(packaged)).toBe(true);
  }, 240_000);
});
