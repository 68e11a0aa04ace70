import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credmint-daemons-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends what it started at %s', async (signal) => {
  const forEver = JSON.stringify(['-e', 'setInterval(() => undefined, 60_000)']);
  const script = `
    import { startDaemon } from ${JSON.stringify(new URL('../../../scripts/ceph/process.ts', import.meta.url).href)};
    const { pid } = startDaemon(process.execPath, ${forEver}, { log: ${JSON.stringify(join(folder, 'log'))} });
    console.log(pid);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(starter.stdout, 'data');
  const pid = Number(said);
  expect(lives(pid)).toBe(true);
  starter.kill(signal);
  await once(starter, 'exit');
  await expect.poll(() => lives(pid), { timeout: 30_000 }).toBe(false);
});
