import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lockFolder } from '../../lib/laptop/folder-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a folder names no server that is gone as the one that has it', async () => {
  writeFileSync(join(folder, 'server.json'), '{"url":"http://127.0.0.1:1","pid":1}');
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow('is in use by another server, which is starting.');
  lock.release();
});
