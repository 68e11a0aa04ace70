import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RawRequest, readRequest } from '../../lib/platform/raw-request.ts';

const raw = (changes: Partial<RawRequest>): RawRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: { host: 'example.com' },
  body: new Uint8Array(),
  ...changes,
});
const faultOf = (changes: Partial<RawRequest>) => readRequest(raw(changes)).fault?.code;

describe('a raw request', () => {
  it('is read unchanged if it is within the limits', () => {
    const { request, fault } = readRequest(
      raw({ method: 'post', path: '/a%20b', query: 'c=%41', body: Buffer.from('ü') }),
    );
    expect(fault).toBeUndefined();
    expect(request).toEqual({
      method: 'POST',
      scheme: 'https',
      host: 'example.com',
      path: '/a%20b',
      query: 'c=%41',
      headers: { host: 'example.com' },
      body: 'ü',
    });
  });

  it.each([
    ['body', 64 * 1024, (size: number) => ({ body: Buffer.alloc(size, 'a') })],
    ['query', 32 * 1024, (size: number) => ({ query: 'a'.repeat(size) })],
    ['path', 2 * 1024, (size: number) => ({ path: `/${'a'.repeat(size - 1)}` })],
  ])('has a %s of %i bytes at the most', (_part, most, changes) => {
    expect(faultOf(changes(most))).toBeUndefined();
    expect(faultOf(changes(most + 1))).toBe('RequestTooLarge');
  });

  it('is bounded in what it hands on, whatever came', () => {
    const { request } = readRequest(
      raw({ body: Buffer.alloc(1_000_000), query: 'a'.repeat(1_000_000), path: `/${'a'.repeat(1_000_000)}` }),
    );
    expect([request.body, request.query, request.path]).toEqual(['', '', '/']);
  });

  it('keeps the whole parameters at both ends of what is too long, by which its dialect can recognize it', () => {
    const long = `Action=AssumeRole&Half=${'a'.repeat(70_000)}&Policy=${'b'.repeat(70_000)}%FF&SecretId=me`;
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    expect(readRequest(raw({ query: long })).request.query).toBe('Action=AssumeRole&SecretId=me');
    expect(readRequest(raw({ headers: form, body: Buffer.from(long) })).request.body).toBe(
      'Action=AssumeRole&SecretId=me',
    );
    expect(readRequest(raw({ body: Buffer.from(long) })).request.body).toBe('');
  });

  it('has a path that begins with a slash', () => {
    for (const path of ['', '*', 'assumeRole', 'http://example.com/']) {
      expect(faultOf({ path })).toBe('NotFound');
      expect(readRequest(raw({ path })).request.path).toBe('/');
    }
  });

  it('has no host if there is no such header', () => {
    const headers = Object.create({ host: 'inherited' }) as Record<string, string>;
    expect(readRequest(raw({ headers })).request.host).toBe('');
  });

  it('has a body of which encoding gives back the very bytes, or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (body) => {
        const { request, fault } = readRequest(raw({ body }));
        if (fault === undefined) expect(Buffer.from(request.body, 'utf8')).toEqual(Buffer.from(body));
        else expect([fault.code, request.body]).toEqual(['InvalidRequest', '']);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a byte order mark, which a signature covers', () => {
    expect(readRequest(raw({ body: Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]) })).request.body).toBe('\ufeff{}');
  });
});
