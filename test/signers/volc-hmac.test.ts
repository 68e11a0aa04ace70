import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sha256Hex } from '../../lib/signers/digest.ts';
import { readTime } from '../../lib/signers/sigv4.ts';
import {
  canonicalRequest,
  readVolc,
  sign,
  signature,
  signingKey,
  stringToSign,
  verifyVolc,
} from '../../lib/signers/volc-hmac.ts';
import { volcHmacProof } from '../../lib/signers/volc-hmac-proof.ts';
import { writeQuery } from '../../lib/wire/query.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { vectorsOf } from '../support/vectors.ts';

interface VendorRequest {
  readonly region: string;
  readonly method: string;
  readonly pathname: string;
  readonly params: Readonly<Record<string, string>>;
  headers: Record<string, string>;
  readonly body?: string;
}
type VendorSigner = new (
  request: VendorRequest,
  service: string,
) => {
  addAuthorization(key: { accessKeyId: string; secretKey: string; sessionToken?: string }, date: Date): void;
};
// By `require`, since a CommonJS default export is one thing to Node and another to the test runner.
const require = createRequire(import.meta.url);
const vendor = require('@volcengine/openapi/lib/base/sign.js') as { default: VendorSigner };

const now = new Date('2026-11-22T02:00:00Z');
const key = { id: 'AKLTEXAMPLE', secret: new Secret('secret') };
const plain: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'open.example.test:8443',
  path: '/',
  query: 'Action=AssumeRole&Version=2018-01-01',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'DurationSeconds=900',
};
const how = { now, region: 'cn-beijing', service: 'sts' };
const sent = sign(plain, key, how);
const withHeader = (name: string, value: string | undefined): HttpRequest => ({
  ...sent,
  headers: Object.fromEntries(
    Object.entries({ ...sent.headers, [name]: value }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    ),
  ),
});
const holds = (request: HttpRequest, secret = key.secret): boolean => {
  const proof = readVolc(request);
  return proof !== undefined && verifyVolc(request, proof, secret);
};
const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

describe.each(vectorsOf('volcengine').map((vector) => ({ name: vector.name, vector })))(
  'the HMAC-SHA256 signature of: $name',
  ({ vector }) => {
    const { expected, signedHeaders = '', body = '', timestamp, region = '', service = '' } = vector;
    const time = timestamp ?? '';
    const scope = { date: time.slice(0, 8), region, service };
    const secret = new Secret(vector.secretKey);
    const request: HttpRequest = {
      method: vector.method,
      scheme: 'https',
      host: vector.host,
      path: vector.path,
      query: vector.query ?? '',
      headers: { ...lowerCase(vector.headers ?? {}), authorization: expected.authorization ?? '' },
      body,
    };

    it('has its canonical request', () => {
      expect(canonicalRequest(request, signedHeaders.split(';'), sha256Hex(body))).toBe(expected.canonicalRequest);
    });

    it('has its string to sign', () => {
      expect(stringToSign(time, scope, expected.canonicalRequest ?? '')).toBe(expected.stringToSign);
    });

    it('has its signature', () => {
      expect(signature(signingKey(secret, scope), expected.stringToSign)).toBe(expected.signature);
    });

    it('is believed as it comes, with its characters bare or escaped, and with no other key', () => {
      expect(readVolc(request)).toMatchObject({ accessKeyId: vector.secretId, scope, signedAt: readTime(time) });
      expect(holds(request, secret)).toBe(true);
      expect(holds({ ...request, query: request.query.replaceAll('%2A', '*') }, secret)).toBe(true);
      expect(holds(request, new Secret(`${vector.secretKey}1`))).toBe(false);
      expect(holds({ ...request, query: `${request.query}&Policy=x` }, secret)).toBe(false);
      expect(holds({ ...request, body: `${body}x` }, secret)).toBe(false);
    });

    it('holds for another host exactly if the host was left out of it', () => {
      const elsewhere = { ...request, host: 'elsewhere.test' };
      expect(holds(elsewhere, secret)).toBe(!signedHeaders.split(';').includes('host'));
    });
  },
);

describe('signing by HMAC-SHA256', () => {
  it('is held against every vector there is', () => {
    expect(vectorsOf('volcengine')).toHaveLength(6);
  });

  it('covers the host, the body and the token of a temporary key', () => {
    const temporary = sign(plain, { ...key, token: new Secret('TOKEN') }, how);
    expect(readVolc(temporary)).toMatchObject({ sessionToken: 'TOKEN' });
    expect(holds(temporary)).toBe(true);
    const changed: readonly HttpRequest[] = [
      { ...temporary, method: 'GET' },
      { ...temporary, host: 'open.example.test' },
      { ...temporary, path: '/x' },
      { ...temporary, query: 'Action=GetCallerIdentity&Version=2018-01-01' },
      { ...temporary, body: 'DurationSeconds=901' },
      { ...temporary, headers: { ...temporary.headers, 'x-security-token': 'OTHER' } },
      { ...temporary, headers: { ...temporary.headers, 'x-content-sha256': sha256Hex('other') } },
      { ...temporary, headers: { ...temporary.headers, 'x-date': '20261122T020001Z' } },
    ];
    expect(changed.map((request) => holds(request))).toEqual(changed.map(() => false));
  });

  it('agrees with the vendor about any request', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.toWellFormed());
    const anything = fc.record({
      params: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,15}$/), text),
      body: text,
      secret: text,
      token: fc.option(fc.stringMatching(/^[!-~]{1,40}$/)),
      region: fc.stringMatching(/^[a-z]{2}-[a-z]{1,10}$/),
      at: fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(anything, ({ params, body, secret, token, region, at }) => {
        const request = { region, method: 'POST', pathname: '/', params, headers: {} as Record<string, string>, body };
        new vendor.default(request, 'sts').addAuthorization(
          { accessKeyId: key.id, secretKey: secret, ...(token === null ? {} : { sessionToken: token }) },
          at,
        );
        const headers = lowerCase(request.headers);
        const theirs: HttpRequest = { ...plain, query: writeQuery(Object.entries(params)), headers, body };
        expect(holds(theirs, new Secret(secret))).toBe(true);
        const proof = readVolc(theirs);
        if (proof === undefined) throw new Error('It was not read.');
        const canonical = canonicalRequest(theirs, proof.signedHeaders, sha256Hex(body));
        const text = stringToSign(proof.time, proof.scope, canonical);
        expect(signature(signingKey(new Secret(secret), proof.scope), text)).toBe(proof.signature);
      }),
    );
  });
});

describe('a proof by HMAC-SHA256', () => {
  const refusal = (request: HttpRequest, requireSignedHost = false) => {
    const { code, message } = expectRefusal(() => volcHmacProof(request, [request], requireSignedHost));
    return [code, message];
  };

  /** Signed over these headers as they are, but for one, by whoever has the key. */
  const signedWith = (more: Readonly<Record<string, string>>, unsignedName?: string): HttpRequest => {
    const { authorization: _, ...before } = sent.headers;
    const headers: Record<string, string> = { ...before, ...more };
    const names = ['host', ...Object.keys(headers)].filter((name) => name !== unsignedName).sort();
    const request = { ...sent, headers };
    const scope = { date: '20261122', region: how.region, service: how.service };
    const canonical = canonicalRequest(request, names, sha256Hex(sent.body));
    const made = signature(signingKey(key.secret, scope), stringToSign('20261122T020000Z', scope, canonical));
    const authorization = `HMAC-SHA256 Credential=${key.id}/20261122/cn-beijing/sts/request, SignedHeaders=${names.join(';')}, Signature=${made}`;
    return { ...request, headers: { ...headers, authorization } };
  };

  it('must cover each header of the call that is there', () => {
    const token = { 'x-security-token': 'TOKEN' };
    for (const name of ['x-date', 'x-security-token', 'x-content-sha256']) {
      expect(holds(signedWith(token))).toBe(true);
      expect(readVolc(signedWith(token, name))).toBeUndefined();
    }
    expect(holds(signedWith({ 'x-content-sha256': sha256Hex('other') }))).toBe(false);
  });

  it('is over headers with one blank between their words and none around them', () => {
    expect(canonicalRequest(withHeader('via', '  a \t b  c\t'), ['via'], '')).toContain('\nvia:a b c\n');
  });

  it('says what the body hashes to only if there is one', () => {
    expect(sent.headers['x-content-sha256']).toBe(sha256Hex(plain.body));
    expect(sign({ ...plain, body: '' }, key, how).headers).not.toHaveProperty('x-content-sha256');
    expect(holds(sign({ ...plain, body: '' }, key, how))).toBe(true);
  });

  it('covers its own headers, in the order of their names, whatever order they came in', () => {
    const headers = { 'x-z': '1', via: 'proxy', 'x-a': '2' };
    const proof = readVolc(sign({ ...plain, headers }, key, how));
    expect(proof?.signedHeaders).toEqual(['host', 'x-a', 'x-content-sha256', 'x-date', 'x-z']);
  });

  it('is by a key for one scope, though the secret is one', () => {
    const scope = { date: '20261122', region: 'r', service: 's' };
    const scopes = [scope, { ...scope, date: '20261123' }, { ...scope, region: 'x' }, { ...scope, service: 'x' }];
    expect(new Set(scopes.map((one) => signature(signingKey(key.secret, one), 'text'))).size).toBe(4);
  });

  it('is for the service sts alone', () => {
    const request = sign(plain, key, { ...how, service: 'iam' });
    expect(refusal(request)).toEqual(['MalformedAuthorization', 'The signature is for another service than sts.']);
  });

  it('has the token of a temporary key, and none otherwise', () => {
    const proof = volcHmacProof(sign(plain, { ...key, token: new Secret('TOKEN') }, how), [plain]);
    expect(proof.sessionToken?.reveal()).toBe('TOKEN');
    expect(volcHmacProof(sent, [plain])).not.toHaveProperty('sessionToken');
    expect(readVolc(signedWith({ 'x-security-token': '' }))).not.toHaveProperty('sessionToken');
  });

  it.each([
    ['no date', withHeader('x-date', undefined)],
    ['a date that is none', withHeader('x-date', '2026-11-22')],
    ['the date of another day', withHeader('x-date', '20261123T020000Z')],
    ['a token that is not signed', withHeader('x-security-token', 'TOKEN')],
    ['its date unsigned', withHeader('authorization', sent.headers['authorization']?.replace(';x-date', ''))],
    [
      'a scope of SigV4',
      withHeader('authorization', sent.headers['authorization']?.replace('/request', '/aws4_request')),
    ],
    ['no signature', withHeader('authorization', 'HMAC-SHA256 Credential=a/20261122/b/sts/request')],
  ])('cannot be read with %s', (_what, request) => {
    expect(refusal(request)).toEqual([
      'MalformedAuthorization',
      'The signature must have Credential with the date of its X-Date, SignedHeaders with every header of the call, and Signature.',
    ]);
  });

  it('is refused without the host if that must be signed', () => {
    const [vector] = vectorsOf('volcengine').filter(({ signedHeaders }) => signedHeaders === 'x-date');
    const headers = { ...lowerCase(vector?.headers ?? {}), authorization: vector?.expected.authorization ?? '' };
    const older: HttpRequest = { ...plain, headers };
    expect(volcHmacProof(older, [older]).accessKeyId).toBe(vector?.secretId);
    expect(refusal(older, true)).toEqual(['MalformedAuthorization', 'The signature must cover the host here.']);
    expect(volcHmacProof(sent, [sent], true).verify(key.secret)).toBe(true);
  });

  it('is valid for a quarter of an hour around its date, at one of the places', () => {
    const proof = volcHmacProof({ ...sent, host: 'behind' }, [{ host: 'behind', path: '/' }, sent]);
    expect(proof).toMatchObject({
      scheme: 'volc-hmac-sha256',
      accessKeyId: key.id,
      valid: { from: new Date('2026-11-22T01:45:00Z'), until: new Date('2026-11-22T02:15:00Z') },
    });
    expect(proof.verify(key.secret)).toBe(true);
    expect(proof.verify(new Secret('other'))).toBe(false);
  });
});
