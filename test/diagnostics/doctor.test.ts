import { describe, expect, it } from 'vitest';
import { spec } from '../../functions/sts.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { diagnose } from '../../lib/diagnostics/doctor.ts';
import { sign } from '../../lib/signers/sigv4.ts';

const now = new Date('2026-11-22T12:00:00Z');
const secret = new Secret('a secret of the test');

const unsigned: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.example.test',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'Action=GetCallerIdentity&Version=2011-06-15',
};

const signed = (changes: Partial<HttpRequest> = {}, at = now, by = secret): HttpRequest =>
  sign({ ...unsigned, ...changes }, { id: 'AKIDCI', secret: by }, { now: at, region: 'us-east-1', service: 'sts' });

const said = (request: HttpRequest) =>
  diagnose({
    dialects: spec.dialects,
    clouds: spec.clouds,
    context: { request, requestId: 'x', now },
    secretOf: (id) => (id === 'AKIDCI' ? secret : undefined),
  });

describe('the signature doctor', () => {
  it('finds nothing wrong with a right signature', () => {
    expect(said(signed()).code).toBe('Valid');
  });

  it.each([
    [
      'the vendor’s host was signed',
      { ...signed({ host: 'sts.amazonaws.com' }), host: 'sts.example.test' },
      'HostSigned',
    ],
    [
      'the port was signed and not sent',
      { ...signed({ host: 'sts.example.test:443' }), host: 'sts.example.test' },
      'PortSigned',
    ],
    ['the port was sent and not signed', { ...signed(), host: 'sts.example.test:8443' }, 'PortSigned'],
    ['the clock is slow', signed({}, new Date(now.getTime() - 20 * 60_000)), 'ClockSkew'],
    [
      'a charset was added after signing',
      {
        ...signed(),
        headers: { ...signed().headers, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      },
      'HeaderSigned',
    ],
    ['a path was added', { ...signed(), path: '/sts/' }, 'PathSigned'],
    ['the secret had a newline', signed({}, now, new Secret('a secret of the test\n')), 'SecretPadded'],
    ['the secret is another', signed({}, now, new Secret('another')), 'WrongSecret'],
    ['there is no signature', unsigned, 'NotASignature'],
  ])('says when %s', (_, request, code) => {
    expect(said(request).code).toBe(code);
  });

  it('says by how many seconds a clock is wrong', () => {
    expect(said(signed({}, new Date(now.getTime() - 1000_000))).why).toContain('100 seconds too late');
  });

  it('says when a policy was signed in another layer of encoding', () => {
    const body = (policy: string) => `Action=GetFederationToken&Version=2011-06-15&Name=bob&Policy=${policy}`;
    const once = encodeURIComponent('{"Version":"2012-10-17"}');
    const request = { ...signed({ body: body(encodeURIComponent(once)) }), body: body(once) };
    expect(said(request).code).toBe('PolicyEncoding');
  });

  it('never says what the right signature would have been', () => {
    const wrong = signed({}, now, new Secret('another'));
    const right = /Signature=(\w+)/.exec(signed().headers['authorization'] ?? '')?.[1] ?? '';
    expect(right).toHaveLength(64);
    expect(JSON.stringify(said(wrong))).not.toContain(right);
  });
});
