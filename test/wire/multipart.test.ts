import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMultipart } from '../../lib/wire/multipart.ts';

const type = 'multipart/form-data; boundary=b';
const part = (name: string, value: string, more = ''): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

const read = (body: string, contentType = type) => {
  const reading = readMultipart(contentType, body);
  return 'fault' in reading ? reading.fault : Object.fromEntries(reading.params);
};

describe('a multipart form', () => {
  it('gives its fields, in order, with whatever their values hold', () => {
    const body = `${part('b', '1')}${part('a', ' x=1&y\r\n--c\r\n研发 ')}${part('c', '')}--b--\r\n`;
    const reading = readMultipart(type, body);
    expect('params' in reading && [...reading.params]).toEqual([
      ['b', '1'],
      ['a', ' x=1&y\r\n--c\r\n研发 '],
      ['c', ''],
    ]);
  });

  it("may begin with a line break, as the Java SDK's does, and end without one", () => {
    expect(read(`\r\n${part('a', '1')}--b--`)).toEqual({ a: '1' });
  });

  it('may name its boundary in quotes, and in any case', () => {
    expect(read(`${part('a', '1')}--b--\r\n`, 'Multipart/Form-Data ;boundary="b"')).toEqual({ a: '1' });
  });

  it('may say that a field is plain text', () => {
    for (const said of ['text/plain', 'text/plain; charset=utf-8', 'text/plain;charset="UTF-8"']) {
      expect(read(`${part('a', '1', `\r\nContent-Type: ${said}`)}--b--\r\n`)).toEqual({ a: '1' });
    }
  });

  it.each([
    ['a file', part('a', '1', '; filename="x"')],
    ['a field of another type', part('a', '1', '\r\nContent-Type: application/octet-stream')],
    ['a field of another character set', part('a', '1', '\r\nContent-Type: text/plain; charset=utf-16')],
    ['a field under a transfer encoding', part('a', '1', '\r\nContent-Transfer-Encoding: base64')],
    ['a field with two types', part('a', '1', '\r\nContent-Type: text/plain\r\nContent-Type: text/plain')],
    ['a field without a name', '--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n'],
    ['a field with an empty name', part('', '1')],
    ['a name in escapes', part('a%22', '1')],
    ['an attachment', '--b\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n'],
    ['a field without headers', '--b\r\n\r\n1\r\n'],
    ['a field without a value', '--b\r\nContent-Disposition: form-data; name="a"\r\n'],
    ['a boundary that goes on', part('a', '1').replace('--b', '--bb')],
  ])('is not read with %s', (_what, body) => {
    expect(read(`${body}--b--\r\n`)).toBe('a part is not text');
  });

  it.each([
    ['another type', `${part('a', '1')}--b--\r\n`, 'multipart/mixed; boundary=b'],
    ['no boundary', `${part('a', '1')}--b--\r\n`, 'multipart/form-data'],
    ['an empty boundary', `${part('a', '1')}--b--\r\n`, 'multipart/form-data; boundary='],
    ['a boundary that is too long', `${part('a', '1')}--b--\r\n`, `multipart/form-data; boundary=${'b'.repeat(71)}`],
    ['half a quoted boundary', `${part('a', '1')}--b--\r\n`, 'multipart/form-data; boundary="b'],
    ['no end', part('a', '1'), type],
    ['something before it', `x\r\n${part('a', '1')}--b--\r\n`, type],
    ['something behind it', `${part('a', '1')}--b--\r\nx`, type],
    ['nothing at all', '', type],
  ])('is none with %s', (_what, body, contentType) => {
    expect(read(body, contentType)).toBe('not multipart/form-data');
  });

  it('names no field twice, and has at most 512', () => {
    expect(read(`${part('a', '1')}${part('a', '2')}--b--\r\n`)).toBe('a parameter came twice');
    const fields = (count: number) => Array.from({ length: count }, (_, index) => part(`a${index}`, '')).join('');
    expect(Object.keys(read(`${fields(512)}--b--\r\n`))).toHaveLength(512);
    expect(read(`${fields(513)}--b--\r\n`)).toBe('too many parameters');
  });

  it('may have no field', () => {
    expect(read('--b--\r\n')).toEqual({});
  });

  it('gives back whatever fields were written', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !/["%\\\r\n]/.test(text));
    const value = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\r\n--b'));
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 10 }), (fields) => {
        const reading = readMultipart(type, `${fields.map(([key, text]) => part(key, text)).join('')}--b--\r\n`);
        expect('params' in reading && [...reading.params]).toEqual(fields);
      }),
    );
  });

  it('is read without a crash, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (contentType, body) => readMultipart(contentType, body) !== undefined),
    );
  });
});
