import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactTokens } from '../../lib/events/redact-tokens.ts';
import { newKey, tokenOf } from '../support/token-issuer.ts';

const token = tokenOf(newKey('ES256'));
const opaque = 'an-opaque-token-of-nobody';

const data = (changes: object = {}) => ({
  operation: 'AssumeRole',
  roleArn: 'arn:aws:iam::123456789012:role/demo',
  roleSessionName: 'etl-7',
  policy: { Version: '2012-10-17', Statement: [] },
  recipient: 'etl',
  ...changes,
});
const event = (changes: object = {}, more: object = {}) => ({
  specversion: '1.0',
  id: 'event 7',
  source: '//etl',
  type: 'credmint.mint.requested',
  data: data(changes),
  ...more,
});
const [protectedHeader = '', payload = '', signature = ''] = token.split('.');
const serialized = { payload, protected: protectedHeader, signature };
/** A token whose header is JSON with a space before it. */
const spaced = [Buffer.from(' {"alg":"ES256"}').toString('base64url'), ...token.split('.').slice(1)].join('.');
const json = JSON.stringify;
const base64 = (value: unknown): string => Buffer.from(json(value)).toString('base64');

describe('what is buried of a mint request', () => {
  it('is all that was understood, but for its token', () => {
    expect(redactTokens(event({ token }))).toEqual(event());
  });

  it.each<[string, (secret: string) => unknown]>([
    ['as an object', (secret) => event({ token: secret })],
    ['as JSON text', (secret) => json(event({ token: secret }))],
    ['as JSON text in JSON text', (secret) => json(json(event({ token: secret })))],
    ['as JSON in base64', (secret) => base64(event({ token: secret }))],
    ['with its data as text', (secret) => event({}, { data: json(data({ token: secret })) })],
    ['with its data as text in text', (secret) => event({}, { data: json(json(data({ token: secret }))) })],
    [
      'with its data in base64',
      (secret) => event({}, { data: undefined, data_base64: base64(data({ token: secret })) }),
    ],
    ['in a notification of SNS', (secret) => ({ Type: 'Notification', Message: json(event({ token: secret })) })],
    [
      'in a notification in a notification',
      (secret) => json({ Message: json({ TopicArn: 'arn', Message: json(event({ token: secret })) }) }),
    ],
    ['in an event of a bus', (secret) => json({ 'detail-type': 'x', detail: event({ token: secret }) })],
  ])('is the same %s', (_name, wrap) => {
    for (const secret of [token, opaque]) expect(redactTokens(wrap(secret))).toEqual(event());
  });

  it.each<[string, object]>([
    ['under another name', { idToken: token }],
    ['under another name, opaque', { password: opaque }],
    ['in an object', { token: { value: opaque } }],
    ['in a list', { token: [opaque] }],
  ])('does not hold a token %s', (_name, changes) => {
    expect(redactTokens(event(changes))).toEqual(event());
  });

  it.each<[string, unknown]>([
    ['in an attribute', event({}, { source: `//etl?jwt=${token}` })],
    ['in a policy', event({ policy: { Statement: [{ Sid: token, [token]: 1 }] } })],
    ['in a policy as text', event({ policy: json({ Statement: [{ Sid: token }] }) })],
    ['in base64', event({ policy: base64({ Statement: [{ Sid: token }] }) })],
    ['with escaped points', event({ roleSessionName: token.replaceAll('.', '%2E') })],
    ['in a tag', event({ tags: { token } })],
    ['behind other text', event({ roleSessionName: `session-${token}` })],
    ['glued to other text', event({ roleSessionName: `xyz${token}` })],
    ['behind a host', event({ name: `www.example.com.${token}` })],
    ['with a header that begins with a space', event({ name: spaced })],
    ...[0, 1, 2, 3].map((length): [string, unknown] => [
      `in base64 behind ${length} letters`,
      event({ roleSessionName: `${'a'.repeat(length)}${Buffer.from(token).toString('base64')}` }),
    ]),
    ['in base64 in lines', event({ policy: Buffer.from(token).toString('base64').replace(/.{60}/g, '$&\n') })],
    ['in base64 of base64', event({ policy: base64({ a: base64({ token }) }) })],
    ['in base64 in a text of JSON', event({ policy: json({ Statement: [{ Sid: `b64:${base64(token)}` }] }) })],
    ['in base64 of UTF-16', event({ policy: Buffer.from(token, 'utf16le').toString('base64') })],
    ['in base64, escaped', event({ policy: encodeURIComponent(base64({ token })) })],
    ['in hexadecimal', event({ policy: Buffer.from(token).toString('hex') })],
    ['escaped whole', event({ name: token.replace(/./g, (one) => `%${one.charCodeAt(0).toString(16)}`) })],
    ['escaped twice', event({ name: encodeURIComponent(token.replaceAll('.', '%2E')) })],
    ['as the name of a member, in base64', event({ policy: { [base64({ token })]: 1 } })],
    ['over two lines', event({ policy: `${token.slice(0, 90)}\n${token.slice(90)}` })],
    ['compressed', event({ policy: gzipSync(token).toString('base64') })],
    ['compressed, in hexadecimal', event({ policy: gzipSync(token).toString('hex') })],
    ['compressed without a head', event({ policy: deflateRawSync(token).toString('base64') })],
    ['compressed by Brotli', event({ policy: brotliCompressSync(token).toString('base64url') })],
    ['in hexadecimal of UTF-16', event({ policy: Buffer.from(token, 'utf16le').toString('hex') })],
    ['in reverse', event({ policy: [...token].reverse().join('') })],
    ['in quoted-printable', event({ policy: token.replaceAll('.', '=2E').replace(/.{70}/g, '$&=\r\n') })],
    ['with escaped points of C', event({ policy: token.replaceAll('.', '\\056') })],
    ['serialized as JSON (RFC 7515, 7.2)', event({ policy: json(serialized) })],
    ['serialized as a flattened object', event({ policy: serialized })],
    ['whose payload stands alone', event({ policy: token.split('.')[1] })],
    ['encrypted, of five parts', event({ name: `${token.split('.')[0]}.${token.split('.')[1]}.a.b.c` })],
  ])('does not hold a JWT %s', (_name, content) => {
    const buried = json(redactTokens(content));
    for (const part of [...token.split('.').slice(1), Buffer.from(token).toString('base64').slice(20, 60)]) {
      expect(buried).not.toContain(part);
    }
    expect(buried).toContain('etl');
  });
});

describe('what is kept of the texts of a mint request', () => {
  it('is all of it, if nothing in it is a token', () => {
    const plain = event({
      roleArn: 'arn:aws:iam::123456789012:role/a-role-with-a-rather-long-name-of-64-characters-and-more',
      roleSessionName: 'repo.example.com=main@0123456789abcdef0123456789abcdef01234567',
      policy: json({ Statement: [{ Resource: 'arn:aws:s3:::keyboards.example.com/eyes.only/*' }] }),
      tags: { commit: 'da39a3ee5e6b4b0d3255bfef95601890afd80709', id: '0190a3c2-7a44-7bde-b7ae-3d3c3f0a2d11' },
    });
    expect(redactTokens(plain)).toEqual(plain);
  });

  it.each<[string, (secret: string) => object]>([
    ['as it is', (secret) => ({ name: `a ${secret} b` })],
    ['in base64', (secret) => ({ policy: json({ Sid: base64(`text before ${secret}`) }) })],
    ['in hexadecimal', (secret) => ({ tags: { x: Buffer.from(secret).toString('hex') } })],
  ])('is not the token of the request, opaque though it is, in another member %s', (_name, changes) => {
    const buried = json(redactTokens(event({ ...changes(opaque), token: opaque })));
    expect(buried).not.toContain(opaque.slice(3, 12));
    expect(buried).not.toContain(Buffer.from(opaque).toString('base64').slice(4, 16));
    expect(buried).not.toContain(Buffer.from(opaque).toString('hex').slice(4, 16));
    expect(buried).toContain('[removed]');
  });
});

describe('what is buried of a message that was not understood', () => {
  it('is that it nests too deep, if a platform has read one that does', () => {
    let policy: object = { token };
    for (let level = 0; level < 100_000; level++) policy = { policy };
    for (const content of [policy, { detail: policy }, { specversion: '1.0', data: { policy } }]) {
      expect(redactTokens(content)).toEqual({ unreadable: 'nests too deep' });
    }
  });

  it('is its size and its digest', () => {
    expect(redactTokens('nonsense')).toEqual({
      unreadable: { characters: 8, sha256: '999aaa8645bb72ff599e143b1e3d2a94777127f4783a69f067251f7bbebc5ab6' },
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', `token=${token}`],
    ['an object', { token, idToken: opaque }],
    ['a list', [token, { opaque }]],
    ['JSON that is broken', json(event({ token, opaque })).slice(0, -1)],
    ['an event with more tokens than anybody sends', event({ token: Array.from({ length: 17 }, () => opaque) })],
    [
      'an event below all measure',
      Array.from({ length: 20 }).reduce<unknown>((Message) => ({ Message }), event({ token })),
    ],
  ])('never holds a token: %s', (_name, content) => {
    const buried = json(redactTokens(content));
    expect(buried).toMatch(/^\{"unreadable":\{"characters":\d+,"sha256":"[0-9a-f]{64}"\}\}$/);
  });

  it('is something whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.json().map(base64)), (content) => {
        // What arrives was read from JSON.
        const arrived = (() => {
          try {
            return JSON.parse(json(content) ?? 'null') as unknown;
          } catch {
            return null;
          }
        })();
        expect(redactTokens(arrived)).toBeTypeOf('object');
      }),
    );
  });
});
