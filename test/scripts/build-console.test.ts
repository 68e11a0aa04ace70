import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/bundle.ts';

/** What `npm run build:console` is, without anything that it builds with. */
let folder: string;
const script = 'scripts/build-console.js';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'credmint-build-console-'));
  mkdirSync(join(folder, 'scripts'));
  mkdirSync(join(folder, 'bin'));
  copyFileSync(join(root, script), join(folder, script));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'bin/start.js'), "console.log('started');");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('building the page', () => {
  it('fails if it cannot be built, so that no image is made without it', () => {
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' });

    expect(stderr).toMatch(/^The page is not built anew: /);
    expect(status).toBe(1);
  });

  it('does not keep `npm start` from starting, which says so', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', scripts.start], { cwd: folder, encoding: 'utf8' });

    expect(stderr).toMatch(/^The page is not built anew: /);
    expect([status, stdout]).toEqual([0, 'started\n']);
  });
});
