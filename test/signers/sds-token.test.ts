import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { applyToken, readBasic, readToken, tokenHeader, writeBasic } from '../../lib/signers/sds-token.ts';

const request: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'ecs.example.test:4443',
  path: '/sts',
  query: 'Action=AssumeRole',
  headers: { accept: '*/*' },
  body: '',
};

describe('a token', () => {
  it('goes with a request in its header', () => {
    const sent = applyToken(request, new Secret('BAAcT0kz='));
    expect(sent).toEqual({ ...request, headers: { accept: '*/*', 'x-sds-auth-token': 'BAAcT0kz=' } });
    expect(readToken(sent.headers[tokenHeader])?.reveal()).toBe('BAAcT0kz=');
  });

  it('takes the place of the one before it', () => {
    const sent = applyToken(applyToken(request, new Secret('old')), new Secret('new'));
    expect(sent.headers[tokenHeader]).toBe('new');
  });

  it('has 8,192 characters at most', () => {
    expect(readToken('a'.repeat(8192))?.reveal()).toBe('a'.repeat(8192));
  });

  it.each([undefined, '', ' ', 'a b', 'a\r\nset-cookie: b', 'é', '\u0000', 'a'.repeat(8193)])(
    'is not %.20j',
    (text) => {
      expect(readToken(text)).toBeUndefined();
    },
  );
});

describe('Basic authentication', () => {
  it('is written as RFC 7617 has it', () => {
    expect(writeBasic({ name: 'Aladdin', password: new Secret('open sesame') })).toBe(
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    );
    expect(writeBasic({ name: 'test', password: new Secret('123£') })).toBe('Basic dGVzdDoxMjPCow==');
  });

  it('is read as it is written, for every name and password that it can hold', () => {
    const part = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !/[\u0000-\u001f\u007f]/.test(text));
    const name = part.filter((text) => text !== '' && !text.includes(':'));
    fc.assert(
      fc.property(name, part, (user, password) => {
        const read = readBasic(writeBasic({ name: user, password: new Secret(password) }));
        expect(read?.name).toBe(user);
        expect(read?.password.reveal()).toBe(password);
      }),
    );
  });

  it('lets the password have colons, and be empty', () => {
    expect(readBasic(writeBasic({ name: 'a', password: new Secret('b:c:') }))?.password.reveal()).toBe('b:c:');
    expect(readBasic(writeBasic({ name: 'a', password: new Secret('') }))?.password.reveal()).toBe('');
  });

  it('may have several blanks behind its scheme, blanks around it, and 4,096 characters', () => {
    expect(readBasic('Basic   QTpi')?.name).toBe('A');
    expect(readBasic(' Basic QTpi\t')?.name).toBe('A');
    const longest = `Basic ${' '.repeat(4096 - 'Basic  QTpi'.length)} QTpi`;
    expect([longest.length, readBasic(longest)?.name, readBasic(` ${longest}`)]).toEqual([4096, 'A', undefined]);
  });

  it('takes the name of its scheme in any case', () => {
    expect(readBasic('bAsIc QWxhZGRpbjpvcGVuIHNlc2FtZQ==')?.name).toBe('Aladdin');
  });

  it.each([
    ['a:b', 'c'],
    ['a', 'b\n'],
    ['a\u0000', 'b'],
  ])('cannot be written of %j and %j', (name, password) => {
    expect(writeBasic({ name, password: new Secret(password) })).toBeUndefined();
  });

  const basic = (text: string | Uint8Array) => `Basic ${Buffer.from(text as string).toString('base64')}`;
  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['the scheme alone', 'Basic'],
    ['another scheme', 'Bearer QWxhZGRpbjpvcGVu'],
    ['no base64', 'Basic ****'],
    ['base64 that was cut', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ'],
    ['base64 with bits to spare', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZR=='],
    ['two credentials', 'Basic QTpi, Basic QTpi'],
    ['no colon', basic('Aladdin')],
    ['no name', basic(':password')],
    ['a control character', basic('Aladdin:open\u0007')],
    ['a line break', basic('Aladdin:\r\n')],
    ['what is not UTF-8', basic(Uint8Array.of(0x61, 0x3a, 0xff))],
    ['more than 4 KiB', basic(`a:${'b'.repeat(4096)}`)],
  ])('is not read from %s', (_, header) => {
    expect(readBasic(header)).toBeUndefined();
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.uint8Array().map(basic)), (text) => {
        expect(() => readBasic(text)).not.toThrow();
        expect(() => readBasic(`Basic ${text}`)).not.toThrow();
      }),
    );
  });
});
