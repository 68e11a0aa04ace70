import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { acs3Proof } from '../../lib/signers/acs-proof.ts';
import {
  algorithm,
  canonicalRequest,
  readAcs3,
  sign,
  signature,
  stringToSign,
  verifyAcs3,
} from '../../lib/signers/acs3.ts';
import { sha256Hex } from '../../lib/signers/digest.ts';
import { writeQuery } from '../../lib/wire/query.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { vectorsOf } from '../support/vectors.ts';

interface VendorRequest {
  readonly pathname: string;
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}
type VendorUtils = {
  default: {
    getAuthorization(request: VendorRequest, algorithm: string, payload: string, id: string, secret: string): string;
  };
};
// By `require`, since a CommonJS default export is one thing to Node and another to the test runner.
const vendor: VendorUtils = createRequire(import.meta.url)('@alicloud/openapi-core/dist/utils.js');

const now = new Date('2026-11-22T02:00:00Z');
const key = { id: 'LTAIEXAMPLE', secret: new Secret('secret') };
const plain: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.example.test:8443',
  path: '/',
  query: 'RoleSessionName=me',
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    'x-acs-action': 'AssumeRole',
    'x-acs-version': '2015-04-01',
  },
  body: 'DurationSeconds=900',
};
const sent = sign(plain, key, { now, nonce: 7 });
const withHeader = (name: string, value: string | undefined): HttpRequest => ({
  ...sent,
  headers: Object.fromEntries(
    Object.entries({ ...sent.headers, [name]: value }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    ),
  ),
});
const holds = (request: HttpRequest): boolean => {
  const proof = readAcs3(request);
  return proof !== undefined && verifyAcs3(request, proof, key.secret);
};

describe.each(vectorsOf('alibaba-acs3').map((vector) => ({ name: vector.name, vector })))(
  'the ACS3 signature of: $name',
  ({ vector }) => {
    const { expected, signedHeaders = '', body = '' } = vector;
    const names = signedHeaders.split(';');
    const secret = new Secret(vector.secretKey);
    const request: HttpRequest = {
      method: vector.method,
      scheme: 'https',
      host: vector.host,
      path: vector.path,
      query: vector.query ?? '',
      headers: { ...vector.headers, authorization: expected.authorization ?? '' },
      body,
    };

    it('has its canonical request', () => {
      expect(canonicalRequest(request, names, sha256Hex(body))).toBe(expected.canonicalRequest);
    });

    it('has its string to sign', () => {
      expect(stringToSign(expected.canonicalRequest ?? '')).toBe(expected.stringToSign);
    });

    it('has its signature', () => {
      expect(signature(secret, expected.stringToSign)).toBe(expected.signature);
    });

    it('is believed as it comes, with its characters bare or escaped, and with no other key', () => {
      const proof = readAcs3(request);
      if (proof === undefined) throw new Error('It was not read.');
      expect(proof.accessKeyId).toBe(vector.secretId);
      expect(verifyAcs3(request, proof, secret)).toBe(true);
      expect(verifyAcs3({ ...request, query: request.query.replaceAll('%2A', '*') }, proof, secret)).toBe(true);
      expect(verifyAcs3(request, proof, new Secret(`${vector.secretKey}1`))).toBe(false);
      expect(verifyAcs3({ ...request, host: `${vector.host}x` }, proof, secret)).toBe(false);
      expect(verifyAcs3({ ...request, query: `${request.query}&Policy=x` }, proof, secret)).toBe(false);
      expect(verifyAcs3({ ...request, body: `${body}x` }, proof, secret)).toBe(false);
    });
  },
);

describe('signing by ACS3', () => {
  it('is held against every vector there is', () => {
    expect(vectorsOf('alibaba-acs3')).toHaveLength(7);
  });

  it('makes what it would itself believe', () => {
    expect(holds(sent)).toBe(true);
  });

  it('signs the id and the token of a temporary key', () => {
    const temporary = sign(plain, { ...key, token: new Secret('TOKEN') }, { now, nonce: 7 });
    expect(readAcs3(temporary)).toMatchObject({ sessionToken: 'TOKEN', accessKeyId: key.id });
    expect(holds(temporary)).toBe(true);
    const { headers } = temporary;
    expect(holds({ ...temporary, headers: { ...headers, 'x-acs-security-token': 'OTHER' } })).toBe(false);
    expect(holds({ ...temporary, headers: { ...headers, 'x-acs-accesskey-id': 'OTHER' } })).toBe(false);
  });

  it('agrees with the vendor about any request', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.toWellFormed());
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,15}$/);
    const anything = fc.record({
      query: fc.dictionary(name, text),
      body: text,
      secret: text,
      method: fc.constantFrom('GET', 'POST'),
      host: fc.stringMatching(/^[a-z]{1,20}(\.[a-z]{1,20}){0,3}(:\d{1,5})?$/),
    });
    fc.assert(
      fc.property(anything, ({ query, body, secret, method, host }) => {
        const ours = sign(
          { ...plain, method, host, query: writeQuery(Object.entries(query)), body },
          { id: key.id, secret: new Secret(secret) },
          { now, nonce: 7 },
        );
        const { authorization, ...headers } = ours.headers;
        const hashed = createHash('sha256').update(body).digest('hex');
        const vendorRequest = { pathname: '/', method, query, headers: { ...headers, host } };
        expect(authorization).toBe(
          vendor.default.getAuthorization(vendorRequest, 'ACS3-HMAC-SHA256', hashed, key.id, secret),
        );
        expect(holdsWith(ours, secret)).toBe(true);
      }),
    );
  });
});

const holdsWith = (request: HttpRequest, secret: string): boolean => {
  const proof = readAcs3(request);
  return proof !== undefined && verifyAcs3(request, proof, new Secret(secret));
};

describe('a proof by ACS3', () => {
  it('holds for nothing but what was signed', () => {
    const changed: readonly HttpRequest[] = [
      { ...sent, method: 'GET' },
      { ...sent, host: 'sts.example.test' },
      { ...sent, path: '/x' },
      { ...sent, query: 'RoleSessionName=you' },
      { ...sent, body: 'DurationSeconds=901' },
      ...['x-acs-action', 'x-acs-version', 'x-acs-date', 'x-acs-signature-nonce', 'content-type'].map((name) =>
        withHeader(name, `${sent.headers[name]}1`),
      ),
      withHeader('x-acs-content-sha256', sha256Hex('other')),
      withHeader(
        'authorization',
        sent.headers['authorization']?.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      ),
    ];
    expect(changed.map(holds)).toEqual(changed.map(() => false));
  });

  /** Signed over these headers as they are, by whoever has the key. */
  const signedWith = (more: Readonly<Record<string, string>>, without?: string): HttpRequest => {
    const { authorization: _, ...before } = sent.headers;
    const headers = Object.fromEntries(Object.entries({ ...before, ...more }).filter(([name]) => name !== without));
    const names = ['host', ...Object.keys(headers)].sort();
    const request = { ...sent, headers };
    const made = signature(key.secret, stringToSign(canonicalRequest(request, names, sha256Hex(sent.body))));
    const authorization = `${algorithm} Credential=${key.id},SignedHeaders=${names.join(';')},Signature=${made}`;
    return { ...request, headers: { ...headers, authorization } };
  };

  it('may say what its body hashes to, and must not say another', () => {
    expect(holds(signedWith({}))).toBe(true);
    expect(holds(signedWith({}, 'x-acs-content-sha256'))).toBe(true);
    expect(holds(signedWith({ 'x-acs-content-sha256': sha256Hex('other') }))).toBe(false);
  });

  it('may say whose key it is, and must not say another’s', () => {
    expect(holds(signedWith({ 'x-acs-accesskey-id': key.id }))).toBe(true);
    expect(readAcs3(signedWith({ 'x-acs-accesskey-id': 'OTHER' }))).toBeUndefined();
  });

  it('is over headers without the blanks around them', () => {
    expect(holds(signedWith({ 'x-acs-action': ' AssumeRole\t' }))).toBe(true);
    const canonical = canonicalRequest(withHeader('x-acs-action', ' AssumeRole\t'), ['x-acs-action'], '');
    expect(canonical).toContain('\nx-acs-action:AssumeRole\n');
  });

  it('is read with all that it says', () => {
    const proof = readAcs3(signedWith({ 'x-acs-security-token': 'TOKEN' }));
    expect(proof).toMatchObject({ accessKeyId: key.id, signedAt: now, nonce: '7', sessionToken: 'TOKEN' });
    expect(readAcs3(signedWith({ 'x-acs-security-token': '' }))).not.toHaveProperty('sessionToken');
  });

  it.each([
    ['a header of Alibaba’s that is not signed', withHeader('x-acs-security-token', 'TOKEN')],
    ['no date', withHeader('x-acs-date', undefined)],
    ['a date that is none', withHeader('x-acs-date', 'today')],
    ['no nonce', withHeader('x-acs-signature-nonce', undefined)],
    ['the id of another key', withHeader('x-acs-accesskey-id', 'OTHER')],
    ['a sister of the algorithm', withHeader('authorization', sent.headers['authorization']?.replace('SHA256', 'SM3'))],
    ['the host unsigned', withHeader('authorization', sent.headers['authorization']?.replace(';host', ''))],
    ['no signature', withHeader('authorization', 'ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host')],
  ])('cannot be read with %s', (_what, request) => {
    const { code, message } = expectRefusal(() => acs3Proof(request, [request]));
    expect([code, message]).toEqual([
      'MalformedAuthorization',
      'The signature must have Credential, SignedHeaders with host and every x-acs- header, Signature, a date and a nonce.',
    ]);
  });

  it('holds if one of the places is the one that was signed', () => {
    const proof = acs3Proof({ ...sent, host: 'behind' }, [{ host: 'behind', path: '/' }, sent]);
    expect(proof).toMatchObject({
      scheme: 'acs3',
      accessKeyId: key.id,
      valid: { from: new Date('2026-11-22T01:45:00Z'), until: new Date('2026-11-22T02:15:00Z') },
    });
    expect(proof.verify(key.secret)).toBe(true);
    expect(proof.verify(new Secret('other'))).toBe(false);
  });
});
