import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import {
  canonicalRequest,
  payloadHash,
  readHuawei,
  sign,
  signature,
  signingKey,
  stringToSign,
  verifyHuawei,
} from '../../lib/signers/huawei-hmac.ts';
import { huaweiHmacProof } from '../../lib/signers/huawei-hmac-proof.ts';
import { readTime } from '../../lib/signers/sigv4.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { vectorsOf } from '../support/vectors.ts';

type Signer = { sign(request: unknown, credential: unknown): Record<string, string> };
// By `require`, since a CommonJS default export is one thing to Node and another to the test runner.
const require = createRequire(import.meta.url);
const { AKSKSigner } = require('@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js') as { AKSKSigner: Signer };
const { DerivedAKSKSigner } = require('@huaweicloud/huaweicloud-sdk-core/auth/DerivedAKSKSigner.js') as {
  DerivedAKSKSigner: Signer;
};

const now = new Date('2026-11-22T02:00:00Z');
const key = { id: 'HUAWEIEXAMPLE', secret: new Secret('secret') };
const plain: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.example.test:8443',
  path: '/v5/agencies/assume',
  query: '',
  headers: { 'content-type': 'application/json' },
  body: '{"agency_session_name":"me"}',
};
const derived = { region: 'cn-north-4', service: 'sts' };
const sent = sign(plain, key, { now });
const withHeader = (name: string, value: string | undefined, from = sent): HttpRequest => ({
  ...from,
  headers: Object.fromEntries(
    Object.entries({ ...from.headers, [name]: value }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    ),
  ),
});
const holds = (request: HttpRequest, secret = key.secret): boolean => {
  const proof = readHuawei(request);
  return proof !== undefined && verifyHuawei(request, proof, secret);
};
const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

describe.each(vectorsOf('huawei', 'huawei-v11').map((vector) => ({ name: vector.name, vector })))(
  'the signature of: $name',
  ({ vector }) => {
    const { expected, signedHeaders = '', body = '', timestamp, region, service = '' } = vector;
    const time = timestamp ?? '';
    const scope = region === undefined ? undefined : { date: time.slice(0, 8), region, service };
    const theirs = { id: vector.secretId, secret: new Secret(vector.secretKey) };
    const request: HttpRequest = {
      method: vector.method,
      scheme: 'https',
      host: vector.host,
      path: vector.path,
      query: vector.query ?? '',
      headers: { ...lowerCase(vector.headers ?? {}), authorization: expected.authorization ?? '' },
      body,
    };

    it('has its canonical request, the path with a slash that does not travel', () => {
      expect(canonicalRequest(request, signedHeaders.split(';'), payloadHash(request))).toBe(expected.canonicalRequest);
      expect(request.path.endsWith('/')).toBe(false);
    });

    it('has its string to sign', () => {
      expect(stringToSign(time, scope, expected.canonicalRequest ?? '')).toBe(expected.stringToSign);
    });

    it('has its signature', () => {
      expect(signature(signingKey(theirs, scope), expected.stringToSign)).toBe(expected.signature);
    });

    it('is believed as it comes, and with no other key', () => {
      const proof = readHuawei(request);
      expect(proof).toMatchObject({ accessKeyId: vector.secretId, signedAt: readTime(time) });
      expect(proof?.scope).toEqual(scope);
      expect(holds(request, theirs.secret)).toBe(true);
      expect(holds(request, new Secret(`${vector.secretKey}1`))).toBe(false);
      expect(holds({ ...request, host: 'elsewhere.test' }, theirs.secret)).toBe(false);
      expect(holds({ ...request, query: 'x=y' }, theirs.secret)).toBe(false);
      expect(holds({ ...request, body: `${body}x` }, theirs.secret)).toBe(false);
    });
  },
);

describe('signing as Huawei Cloud does', () => {
  it('is held against every vector there is', () => {
    expect(vectorsOf('huawei', 'huawei-v11')).toHaveLength(6);
  });

  it.each([
    ['the secret itself', {}],
    ['a derived key', { derived }],
  ])('by %s covers everything that it says', (_what, extra) => {
    const temporary = sign(plain, { ...key, token: new Secret('TOKEN') }, { now, ...extra });
    expect(readHuawei(temporary)).toMatchObject({ sessionToken: 'TOKEN' });
    expect(holds(temporary)).toBe(true);
    const changed: readonly HttpRequest[] = [
      { ...temporary, method: 'PUT' },
      { ...temporary, host: 'sts.example.test' },
      { ...temporary, path: '/v5/agencies/assume-with-oidc' },
      { ...temporary, query: 'a=b' },
      { ...temporary, body: '{}' },
      withHeader('x-security-token', 'OTHER', temporary),
      withHeader('x-sdk-date', '20261122T020001Z', temporary),
      withHeader('content-type', 'text/plain', temporary),
      withHeader(
        'authorization',
        temporary.headers['authorization']?.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        temporary,
      ),
    ];
    expect(changed.map((request) => holds(request))).toEqual(changed.map(() => false));
  });

  it('agrees with the vendor about any request, by either key', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.toWellFormed());
    const anything = fc.record({
      data: fc.dictionary(fc.stringMatching(/^[a-z_]{1,15}$/), text, { minKeys: 1 }),
      secret: text.filter((value) => value !== ''),
      token: fc.option(fc.stringMatching(/^[!-~]{1,40}$/)),
      // Its Node SDK refuses the dates of other centuries.
      at: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
      v11: fc.boolean(),
    });
    fc.assert(
      fc.property(anything, ({ data, secret, token, at, v11 }) => {
        const body = JSON.stringify(data);
        const temporary = {
          id: key.id,
          secret: new Secret(secret),
          ...(token === null ? {} : { token: new Secret(token) }),
        };
        const ours = sign({ ...plain, body }, temporary, { now: at, ...(v11 ? { derived } : {}) });
        const { authorization, 'x-sdk-date': date = '', ...headers } = ours.headers;
        const request = {
          method: 'POST',
          endpoint: `https://${plain.host}${plain.path}`,
          headers: { ...headers, 'X-Sdk-Date': date },
          data,
        };
        const credential = {
          getAk: () => key.id,
          getSk: () => secret,
          getRegionId: () => derived.region,
          getDerivedAuthServiceName: () => derived.service,
        };
        const signer = v11 ? DerivedAKSKSigner : AKSKSigner;
        expect(signer.sign(request, credential)['Authorization']).toBe(authorization);
        expect(holds(ours, temporary.secret)).toBe(true);
      }),
    );
  });
});

describe('a proof by SDK-HMAC-SHA256 or V11-HMAC-SHA256', () => {
  const unsigned = sign(withHeader('x-sdk-content-sha256', 'UNSIGNED-PAYLOAD', plain), key, { now });

  it.each([
    ['no date', withHeader('x-sdk-date', undefined)],
    ['a date that is none', withHeader('x-sdk-date', 'today')],
    ['a token that is not signed', withHeader('x-security-token', 'TOKEN')],
    ['the host unsigned', withHeader('authorization', sent.headers['authorization']?.replace(';host', ''))],
    ['a body that is left unsigned', unsigned],
    ['a sister of the algorithm', withHeader('authorization', sent.headers['authorization']?.replace('SHA256', 'SM3'))],
    ['no signature', withHeader('authorization', 'SDK-HMAC-SHA256 Access=a, SignedHeaders=host')],
    [
      'the scope of another day',
      withHeader(
        'authorization',
        sign(plain, key, { now, derived }).headers['authorization']?.replace('/20261122/', '/20261123/'),
      ),
    ],
  ])('cannot be read with %s', (_what, request) => {
    const { code, message } = expectRefusal(() => huaweiHmacProof(request, [request]));
    expect([code, message]).toEqual([
      'MalformedAuthorization',
      'The signature must have Access or Credential, SignedHeaders with host and every header of the call, Signature and X-Sdk-Date, and must cover the body.',
    ]);
  });

  /** Signed over these headers as they are, but for one, by whoever has the key. */
  const signedWith = (more: Readonly<Record<string, string>>, unsignedName?: string): HttpRequest => {
    const { authorization: _, ...before } = sent.headers;
    const headers: Record<string, string> = { ...before, ...more };
    const names = ['host', ...Object.keys(headers)].filter((name) => name !== unsignedName).sort();
    const request = { ...sent, headers };
    const canonical = canonicalRequest(request, names, payloadHash({ headers: {}, body: sent.body }));
    const made = signature(signingKey(key, undefined), stringToSign('20261122T020000Z', undefined, canonical));
    const authorization = `SDK-HMAC-SHA256 Access=${key.id}, SignedHeaders=${names.join(';')}, Signature=${made}`;
    return { ...request, headers: { ...headers, authorization } };
  };

  it('may say what its body hashes to, and must not say another', () => {
    const hashed = payloadHash({ headers: {}, body: sent.body });
    expect(holds(signedWith({ 'x-sdk-content-sha256': hashed }))).toBe(true);
    expect(holds(signedWith({ 'x-sdk-content-sha256': hashed.replace(/^./, 'x') }))).toBe(false);
  });

  it.each([
    ['x-sdk-date', {}],
    ['x-security-token', { 'x-security-token': 'TOKEN' }],
    ['x-sdk-content-sha256', { 'x-sdk-content-sha256': payloadHash({ headers: {}, body: sent.body }) }],
    ['host', {}],
  ])('must cover %s, if that is there', (name, more) => {
    expect(holds(signedWith(more))).toBe(true);
    expect(readHuawei(signedWith(more, name))).toBeUndefined();
  });

  it('is over headers without the blanks around them, and over a path as it is escaped anew', () => {
    const request = { ...withHeader('via', ' a\t'), path: '/a%20b/%zz/ü' };
    const canonical = canonicalRequest(request, ['via'], '');
    expect(canonical).toContain('\nvia:a\n');
    expect(canonical.split('\n')[1]).toBe('/a%20b/%25zz/%C3%BC/');
    expect(canonicalRequest({ ...request, path: '/' }, [], '').split('\n')[1]).toBe('/');
  });

  it('is by a key for one scope, though the secret is one', () => {
    const scope = { date: '20261122', region: 'r', service: 's' };
    const made = [
      undefined,
      scope,
      { ...scope, date: '20261123' },
      { ...scope, region: 'x' },
      { ...scope, service: 'x' },
    ].map((one) => signature(signingKey(key, one), 'text'));
    expect(new Set(made).size).toBe(5);
    expect(signature(signingKey({ ...key, id: 'OTHER' }, scope), 'text')).not.toBe(made[1]);
  });

  it('is for the service sts alone, if it says for which', () => {
    const request = sign(plain, key, { now, derived: { ...derived, service: 'iam' } });
    const { code, message } = expectRefusal(() => huaweiHmacProof(request, [plain]));
    expect([code, message]).toEqual(['MalformedAuthorization', 'The signature is for another service than sts.']);
  });

  it('has its token and its scheme', () => {
    const temporary = { ...key, token: new Secret('TOKEN') };
    const plainProof = huaweiHmacProof(sign(plain, temporary, { now }), [plain]);
    expect([plainProof.scheme, plainProof.sessionToken?.reveal()]).toEqual(['huawei-sdk-hmac-sha256', 'TOKEN']);
    const derivedProof = huaweiHmacProof(sign(plain, key, { now, derived }), [plain]);
    expect(derivedProof.scheme).toBe('huawei-v11-hmac-sha256');
    expect(derivedProof).not.toHaveProperty('sessionToken');
    expect(readHuawei(signedWith({ 'x-security-token': '' }))).not.toHaveProperty('sessionToken');
    expect(readHuawei(sent)).not.toHaveProperty('scope');
  });

  it('may leave a body unsigned if there is none', () => {
    const get = { ...plain, method: 'GET', path: '/v5/caller-identity', body: '' };
    expect(holds(sign(withHeader('x-sdk-content-sha256', 'UNSIGNED-PAYLOAD', get), key, { now }))).toBe(true);
  });

  it('is valid for a quarter of an hour around its date, at one of the places', () => {
    const proof = huaweiHmacProof({ ...sent, host: 'behind' }, [{ host: 'behind', path: '/' }, sent]);
    expect(proof).toMatchObject({
      scheme: 'huawei-sdk-hmac-sha256',
      accessKeyId: key.id,
      valid: { from: new Date('2026-11-22T01:45:00Z'), until: new Date('2026-11-22T02:15:00Z') },
    });
    expect(proof.verify(key.secret)).toBe(true);
    expect(proof.verify(new Secret('other'))).toBe(false);
  });
});
