import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptText, privateFolder, writePrivate } from '../../lib/laptop/files.ts';

let folder: string;
const modeOf = (path: string): number => statSync(path).mode & 0o777;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credmint-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('private files', () => {
  it('can be read by their owner only, in folders that others cannot enter', () => {
    const place = join(folder, 'a', 'b');
    privateFolder(place);
    writePrivate(join(place, 'written'), 'text');
    keptText(join(place, 'c', 'kept'), () => 'text');
    expect(modeOf(place)).toBe(0o700);
    expect(modeOf(join(place, 'c'))).toBe(0o700);
    expect(modeOf(join(place, 'written'))).toBe(0o600);
    expect(modeOf(join(place, 'c', 'kept'))).toBe(0o600);
  });

  it('leave a folder that exists as it is', () => {
    const place = join(folder, 'shared');
    mkdirSync(place);
    chmodSync(place, 0o755);
    privateFolder(place);
    keptText(join(place, 'kept'), () => 'text');
    expect([modeOf(place), modeOf(join(place, 'kept'))]).toEqual([0o755, 0o600]);
  });

  it('are refused below what is not a folder, and below a folder that takes none', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => privateFolder(join(file, 'a'))).toThrow('ENOTDIR');
    expect(() => privateFolder(file)).toThrow('EEXIST');
    if (process.platform === 'linux') expect(() => privateFolder('/proc/credmint/a')).toThrow('ENOENT');
  });

  it('are made private if they were not', () => {
    const path = join(folder, 'open');
    writeFileSync(path, 'old', { mode: 0o644 });
    writePrivate(path, 'new');
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['new', 0o600]);
  });

  it('are made once and kept', () => {
    const path = join(folder, 'kept');
    expect(keptText(path, () => 'first')).toBe('first');
    expect(keptText(path, () => 'second')).toBe('first');
  });

  it("hold one process's text where two make them at once", () => {
    const path = join(folder, 'kept');
    // The other process comes while we are still thinking of a text.
    const text = keptText(path, () => keptText(path, () => 'theirs').replace('theirs', 'ours'));
    expect(text).toBe('theirs');
  });

  it('leave no drafts behind', () => {
    keptText(join(folder, 'kept'), () => 'text');
    writePrivate(join(folder, 'written'), 'text');
    expect(readdirSync(folder).sort()).toEqual(['kept', 'written']);
  });
});
