import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { canonicalRequest, emptyHash, sign, signature, signingKey, stringToSign } from '../../lib/signers/sigv4.ts';
import { presign } from '../../lib/signers/sigv4-presign.ts';
import { sigv4Proof as readProof } from '../../lib/signers/sigv4-proof.ts';

const now = new Date('2024-01-15T08:30:45Z');
const how = { now, region: 'us-east-1', service: 'sts' };
const secret = new Secret('fakeSecretAccessKeyForTestsOnly000000001');
const key = { id: 'AKIAFAKEEXAMPLE00001', secret };
const request: HttpRequest = {
  method: 'GET',
  scheme: 'https',
  host: 'sts.example.test',
  path: '/',
  query: 'Action=GetCallerIdentity&Version=2011-06-15',
  headers: {},
  body: '',
};

const sigv4Proof = (signed: HttpRequest, ...hosts: readonly string[]) =>
  readProof(signed, { hosts: hosts.length === 0 ? [signed.host] : hosts, services: ['sts'] });

describe('a SigV4 proof', () => {
  it('counts for 15 minutes either way of its date', () => {
    expect(sigv4Proof(sign(request, key, how))).toMatchObject({
      scheme: 'sigv4',
      accessKeyId: key.id,
      valid: { from: new Date('2024-01-15T08:15:45Z'), until: new Date('2024-01-15T08:45:45Z') },
    });
  });

  it('counts for as long as a presigned URL says', () => {
    expect(sigv4Proof(presign(request, key, { ...how, expiresSeconds: 60 })).valid).toEqual({
      from: new Date('2024-01-15T08:15:45Z'),
      until: new Date('2024-01-15T08:31:45Z'),
    });
  });

  it('is valid for 15 minutes at most, whatever a presigned URL says', () => {
    expect(sigv4Proof(presign(request, key, { ...how, expiresSeconds: 604_800 })).valid).toEqual({
      from: new Date('2024-01-15T08:15:45Z'),
      until: new Date('2024-01-15T08:45:45Z'),
    });
  });

  it('is for one service, whoever signed it', () => {
    expect(sigv4Proof(sign(request, key, how)).verify(secret)).toBe(true);
    expect(sigv4Proof(sign(request, key, { ...how, service: 's3' })).verify(secret)).toBe(false);
  });

  it('is valid for the ordinary 15 minutes by a URL that does not say how long', () => {
    // As PresignGetCallerIdentity of the Go SDK v2, aws4 and aws4fetch write it for any service but S3.
    const scope = { date: '20240115', ...how };
    const parameters = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${key.id}%2F20240115%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20240115T083045Z&X-Amz-SignedHeaders=host`;
    const unsigned = { ...request, query: `${request.query}&${parameters}` };
    const canonical = canonicalRequest(unsigned, ['host'], emptyHash);
    const made = signature(signingKey(secret, scope), stringToSign('20240115T083045Z', scope, canonical));
    const proof = sigv4Proof({ ...unsigned, query: `${unsigned.query}&X-Amz-Signature=${made}` });
    expect(proof.valid).toEqual({
      from: new Date('2024-01-15T08:15:45Z'),
      until: new Date('2024-01-15T08:45:45Z'),
    });
    expect(proof.verify(secret)).toBe(true);
  });

  it('has the session token, closed', () => {
    const proof = sigv4Proof(sign(request, { ...key, token: new Secret('token') }, how));
    expect(proof.sessionToken?.reveal()).toBe('token');
    expect(JSON.stringify(proof)).not.toContain('"token"');
  });

  it('may be over a name by which callers know this server', () => {
    const behind = { ...sign(request, key, how), host: '10.0.0.1:8080' };
    expect(sigv4Proof(behind).verify(secret)).toBe(false);
    expect(sigv4Proof(behind, 'other.test', 'sts.example.test').verify(secret)).toBe(true);
    expect(sigv4Proof(behind, 'sts.example.test').verify(new Secret('other'))).toBe(false);
  });

  it('is refused where it cannot be read, without a word of it', () => {
    const signed = sign(request, key, how);
    const broken = {
      ...signed,
      headers: { ...signed.headers, authorization: 'AWS4-HMAC-SHA256 Credential=topsecret' },
    };
    expect(() => sigv4Proof(broken)).toThrow(expect.objectContaining({ code: 'MalformedAuthorization' }));
    expect(() => sigv4Proof(broken)).not.toThrow(/topsecret/);
  });

  it('may be over the path that the caller knew, before a gateway took its beginning away', () => {
    const behind = { ...sign({ ...request, path: '/prod/' }, key, how), path: '/', basePath: '/prod' };
    expect(sigv4Proof(behind).verify(secret)).toBe(true);
    expect(sigv4Proof({ ...behind, basePath: '/other' }).verify(secret)).toBe(false);
  });

  it('in a URL is over the headers that it names, in their order, and begins with no separator', () => {
    const bare = { ...request, query: '', headers: { 'x-z': '1', accept: '*/*', 'x-a': '2' } };
    const url = presign(bare, key, { ...how, expiresSeconds: 60 });
    expect(url.query).toMatch(
      /^X-Amz-Algorithm=AWS4-HMAC-SHA256&.*&X-Amz-SignedHeaders=host%3Bx-a%3Bx-z&X-Amz-Signature=/,
    );
    expect(sigv4Proof(url).verify(secret)).toBe(true);
    expect(sigv4Proof({ ...url, headers: { ...url.headers, 'x-z': '2' } }).verify(secret)).toBe(false);
  });
});
