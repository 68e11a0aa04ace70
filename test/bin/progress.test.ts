import { describe, expect, it } from 'vitest';
import { progressOn, shareText, whileWaiting } from '../../bin/progress.ts';

const terminal = (isTTY: boolean | undefined) => {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text), isTTY };
};

const withClock = (isTTY: boolean | undefined) => {
  const output = terminal(isTTY);
  let at = 0;
  const progress = progressOn(output, () => at);
  return {
    written: output.written,
    progress,
    pass: (milliseconds: number, text: string) => {
      at += milliseconds;
      progress.at(() => text);
    },
  };
};

describe('progress at a terminal', () => {
  it('says nothing in the first second, then writes one line anew five times a second, and takes it away', () => {
    const { written, progress, pass } = withClock(true);
    pass(999, 'early');
    pass(1, 'one');
    pass(100, 'too soon');
    pass(100, 'two');
    progress.end();
    progress.end();
    expect(written).toEqual(['\r\u001b[2Kone', '\r\u001b[2Ktwo', '\r\u001b[2K']);
  });

  it.each([false, undefined])('is never shown in a pipe: %s', (isTTY) => {
    const { written, progress, pass } = withClock(isTTY);
    pass(5_000, 'shown');
    progress.end();
    expect(written).toEqual([]);
  });

  it('leaves nothing behind of what was done at once', async () => {
    const output = terminal(true);
    expect(await whileWaiting(output, 'at work', async () => 7)).toBe(7);
    expect(output.written).toEqual([]);
  });

  it('tells a share of the whole', () => {
    expect(shareText('reading', 1, 3)).toBe('reading: 33 %');
    expect(shareText('reading', 0, 0)).toBe('reading: 100 %');
  });
});
