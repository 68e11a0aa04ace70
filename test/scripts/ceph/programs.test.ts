import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credmint-no-ceph-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const script = fileURLToPath(new URL('../../../scripts/rehearse-ceph.ts', import.meta.url));
const rehearse = () =>
  spawnSync(process.execPath, [script], { encoding: 'utf8', env: { PATH: folder, TMPDIR: folder } });

describe('npm run rehearse:ceph', () => {
  it('says what is missing and of which package, and installs nothing', () => {
    const { status, stdout, stderr } = rehearse();
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("no radosgw (of Debian's package radosgw)");
    expect(stderr).toContain("no ceph-mon (of Debian's package ceph-mon)");
  });

  it('looks for programs that can be run', () => {
    const path = join(folder, 'radosgw');
    writeFileSync(path, '');
    chmodSync(path, 0o600);
    expect(rehearse().stderr).toContain('no radosgw (');
    chmodSync(path, 0o700);
    const { status, stderr } = rehearse();
    expect(status).toBe(2);
    expect(stderr).not.toContain('no radosgw (');
    expect(stderr).toContain('no radosgw-admin (');
  });
});
