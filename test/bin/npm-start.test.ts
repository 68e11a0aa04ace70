import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { root } from '../../scripts/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-npm-start-'));
let npm: ChildProcess | undefined;

afterEach(() => {
  try {
    // What npm may have left behind is in its group.
    if (npm?.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
  rmSync(folder, { recursive: true, force: true });
});

const isServing = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(`${url}/health`, (response) => resolve(response.resume().statusCode === 200)).on('error', () => resolve(false));
  });

describe('npm start', { timeout: 60_000 }, () => {
  it('hands a signal of its supervisor to the server, and ends with it', async () => {
    npm = spawn('npm', ['start'], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: folder, CREDMINT_DIR: join(folder, 'laptop'), PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const exited = once(npm, 'exit');
    let url: string | undefined;
    for await (const line of createInterface(npm.stderr ?? expect.unreachable())) {
      url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (url !== undefined) break;
    }
    expect(await isServing(url ?? '')).toBe(true);
    npm.kill('SIGTERM');
    await exited;

    expect(await isServing(url ?? '')).toBe(false);
  });
});
