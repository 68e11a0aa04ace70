import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { watchOutput } from '../../bin/watch-output.ts';

const failing = async (code: string) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exits: number[] = [];
  watchOutput({ stdout, stderr, exit: (status) => exits.push(status) });
  stdout.destroy(Object.assign(new Error('write failed'), { code }));
  await new Promise((resolve) => setImmediate(resolve));
  return { exits, said: String(stderr.read() ?? '') };
};

describe('what a command says', () => {
  it('ends it as a failure if it cannot be written', async () => {
    expect(await failing('ENOSPC')).toEqual({
      exits: [1],
      said: 'credmint: the output cannot be written: the disk is full (ENOSPC)\n',
    });
  });

  it('may be left unread', async () => {
    expect(await failing('EPIPE')).toEqual({ exits: [], said: '' });
  });

  it.skipIf(!existsSync('/dev/full'))('is not lost in silence on a disk that is full (of Linux alone)', () => {
    const program = fileURLToPath(new URL('../../bin/credmint.js', import.meta.url));
    const line = `"$0" "$1" --help > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', line, process.execPath, program], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, 'credmint: the output cannot be written: the disk is full (ENOSPC)\n']);
  });

  it('leaves the command its own code if its reader goes away', () => {
    const program = fileURLToPath(new URL('../../bin/credmint.js', import.meta.url));
    const line = `{ "$0" "$1" no-such-command; echo "code $?" >&2; } | true`;
    const { stderr } = spawnSync('sh', ['-c', line, process.execPath, program], { encoding: 'utf8' });
    expect(stderr).toContain('code 2');
  });
});
