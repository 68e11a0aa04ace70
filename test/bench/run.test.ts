import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/bundle.ts';

describe.each([
  ['bench/run.ts', 'There is no benchmark misspelt. '],
  ['bench/chaos/run.ts', 'There is no trial misspelt. '],
])('%s', (program, message) => {
  it('refuses a name that it does not know, and runs nothing', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'misspelt'], {
      cwd: root,
      encoding: 'utf8',
    });

    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});
