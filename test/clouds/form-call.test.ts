import { describe, expect, it } from 'vitest';
import { formCall } from '../../lib/clouds/form-call.ts';
import type { AccessKey } from '../../lib/core/credentials.ts';
import type { UnsignedRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign as signAcs } from '../../lib/signers/acs-rpc.ts';
import { sign as signQcloud } from '../../lib/signers/qcloud-hmac.ts';

const key: AccessKey = { id: 'AKID/+=', secret: new Secret('secret') };
const temporary: AccessKey = { ...key, token: new Secret('TOKEN+/=') };
const now = new Date('2026-11-22T02:34:16Z');

const request = formCall(
  new URL('https://sts.example.test/path'),
  [
    ['Action', 'AssumeRole'],
    ['policy', '{"a":"b c*&=%2A\u00e9"}'],
    ['Tag_1', '@x'],
    ['absent', undefined],
    ['empty', ''],
  ],
  { headers: { 'x-more': '1' } },
);

/** What a request is that we did not write ourselves: its parameters are in its text alone. */
const asText = ({ form: _, ...rest }: UnsignedRequest): UnsignedRequest => rest;

describe('a form that is sent', () => {
  it('says in its text what it has as parameters, without those that are undefined', () => {
    expect(request).toMatchObject({ method: 'POST', path: '/path', headers: { 'x-more': '1' } });
    expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(new Map(new URLSearchParams(request.body))).toEqual(request.form);
    expect([...(request.form?.keys() ?? [])]).toEqual(['Action', 'policy', 'Tag_1', 'empty']);
  });

  it.each<[string, (request: UnsignedRequest, by: AccessKey) => UnsignedRequest]>([
    ['HmacSHA1 of API 2.0', (one, by) => signQcloud(one, by, { now, nonce: 7, method: 'HmacSHA1', edition: '2.0' })],
    [
      'HmacSHA256 of API 3.0',
      (one, by) => signQcloud(one, by, { now, nonce: 7, method: 'HmacSHA256', edition: '3.0' }),
    ],
    ['HMAC-SHA1 of RPC', (one, by) => signAcs(one, by, { now, nonce: 7 })],
  ])('is signed alike by its parameters and by its text: %s', (_name, sign) => {
    for (const by of [key, temporary]) {
      const signed = sign(request, by);
      expect(signed).toEqual(sign(asText(request), by));
      expect(signed.form).toBeUndefined();
      expect(signed.body.startsWith(`${request.body}&`)).toBe(true);
      const query = { ...asText(request), method: 'GET', query: request.body, body: '' };
      expect(sign(query, by).query.startsWith(`${request.body}&`)).toBe(true);
    }
  });

  it('holds the proof alone if it had no parameters', () => {
    const bare = formCall(new URL('https://sts.example.test/'), []);
    expect(signAcs(bare, key, { now, nonce: 7 }).body).toMatch(/^AccessKeyId=/);
  });
});
