import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLocal } from '../../../lib/config/references/local.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'credmint-references-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everyWay = (text: string): readonly (string | undefined)[] => {
  writeFileSync(join(folder, 'secret'), text);
  return [readLocal('file:secret', folder, {}), readLocal('env:SECRET', folder, { SECRET: text })];
};

describe('a reference to a file or a variable', () => {
  it.each([
    ['as it is', 'a secret = +/'],
    ['with the newline of echo', 'a secret = +/\n'],
    ['with the line end of Windows', 'a secret = +/\r\n'],
    ['with several', 'a secret = +/\n\r\n\n'],
    ['with the byte order mark of an editor', '\ufeffa secret = +/\r\n'],
  ])('leads to what is written there %s', (_how, text) => {
    expect(everyWay(text)).toEqual(['a secret = +/', 'a secret = +/']);
  });

  it('keeps spaces, and line ends within', () => {
    expect(everyWay(' a\nb \n')).toEqual([' a\nb ', ' a\nb ']);
  });

  it.each(['', '\n', '\ufeff', '\ufeff\r\n\r\n'])('leads nowhere if nothing is written there: %j', (text) => {
    expect(everyWay(text)).toEqual([undefined, undefined]);
  });
});
