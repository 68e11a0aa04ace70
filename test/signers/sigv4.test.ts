import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest as SmithyRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import aws4 from 'aws4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../../lib/core/credentials.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sha256Hex } from '../../lib/signers/digest.ts';
import {
  canonicalRequest,
  readTime,
  type Scope,
  sign,
  signature,
  signingKey,
  stringToSign,
  timeText,
} from '../../lib/signers/sigv4.ts';
import { presign } from '../../lib/signers/sigv4-presign.ts';
import { offersSigv4, readSigv4, verifySigv4 } from '../../lib/signers/sigv4-verify.ts';
import { readQuery, writeQuery } from '../../lib/wire/query.ts';
import { type Vector, vectorsOf } from '../support/vectors.ts';

const requestOf = (vector: Vector): HttpRequest => ({
  method: vector.method,
  scheme: 'https',
  host: vector.host,
  path: vector.path,
  query: vector.query || writeQuery(Object.entries(vector.params ?? {}) as [string, string][]),
  headers: vector.headers ?? {},
  body: vector.body ?? '',
});

const scopeOf = ({ timestamp, region = '', service = '' }: Vector): Scope => ({
  date: (timestamp ?? '').slice(0, 8),
  region,
  service,
});

const keyOf = ({ secretId, secretKey, sessionToken }: Vector): AccessKey => ({
  id: secretId,
  secret: new Secret(secretKey),
  ...(sessionToken ? { token: new Secret(sessionToken) } : {}),
});

const verifies = (request: HttpRequest, secret: Secret): boolean => {
  const proof = readSigv4(request);
  return !('fault' in proof) && verifySigv4(request, proof, secret);
};

const named = (vectors: readonly Vector[]) => vectors.map((vector) => ({ name: vector.name, vector }));

describe.each(named(vectorsOf('aws-sigv4', 'ecs-sigv4')))('the signature of: $name', ({ vector }) => {
  const request = requestOf(vector);
  const signedHeaders = (vector.signedHeaders ?? '').split(';');
  const { expected } = vector;
  const time = vector.timestamp ?? '';

  it('has its canonical request', () => {
    expect(canonicalRequest(request, signedHeaders, sha256Hex(request.body))).toBe(expected.canonicalRequest);
  });

  it('has its string to sign', () => {
    expect(stringToSign(time, scopeOf(vector), expected.canonicalRequest ?? '')).toBe(expected.stringToSign);
  });

  it('has its signature', () => {
    const key = signingKey(new Secret(vector.secretKey), scopeOf(vector));
    expect(signature(key, expected.stringToSign)).toBe(expected.signature);
  });

  it('is believed as it comes, and with no other secret', () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${vector.secretId}/${Object.values(scopeOf(vector)).join('/')}/aws4_request, SignedHeaders=${vector.signedHeaders}, Signature=${expected.signature}`;
    if (expected.authorization !== undefined) expect(authorization).toBe(expected.authorization);
    const signed = { ...request, headers: { ...request.headers, authorization } };

    expect(verifies(signed, new Secret(vector.secretKey))).toBe(true);
    expect(verifies(signed, new Secret(`${vector.secretKey}1`))).toBe(false);
  });

  it('is what we make of the request, where we sign the same headers', () => {
    const { 'x-amz-date': date = '', 'x-amz-security-token': token, ...headers } = request.headers;
    const key: AccessKey = {
      id: vector.secretId,
      secret: new Secret(vector.secretKey),
      ...(token === undefined ? {} : { token: new Secret(token) }),
    };
    const now = readTime(date) ?? new Date(Number.NaN);
    const { region = '', service = '' } = vector;
    const ours = sign({ ...request, headers }, key, { now, region, service });
    const parts = /SignedHeaders=([^,]+), Signature=(\w+)$/.exec(ours.headers['authorization'] ?? '');

    expect(verifies(ours, key.secret)).toBe(true);
    if (parts?.[1] === vector.signedHeaders) expect(parts?.[2]).toBe(expected.signature);
  });
});

describe.each(named(vectorsOf('aws-sigv4-query')))('the presigned URL of: $name', ({ vector }) => {
  const request = requestOf(vector);
  const { expected } = vector;

  it('has its canonical request, string to sign and signature', () => {
    const canonical = canonicalRequest(request, (vector.signedHeaders ?? '').split(';'), sha256Hex(''));
    expect(canonical).toBe(expected.canonicalRequest);
    expect(stringToSign(vector.timestamp ?? '', scopeOf(vector), canonical)).toBe(expected.stringToSign);
    expect(signature(signingKey(new Secret(vector.secretKey), scopeOf(vector)), expected.stringToSign)).toBe(
      expected.signature,
    );
  });

  it('is what we make of the bare request', () => {
    const bare = Object.entries(vector.params ?? {}).filter(([name]) => !name.startsWith('X-Amz-'));
    const presigned = presign({ ...request, query: writeQuery(bare as [string, string][]) }, keyOf(vector), {
      now: readTime(vector.timestamp ?? '') ?? new Date(Number.NaN),
      region: vector.region ?? '',
      service: vector.service ?? '',
      expiresSeconds: Number(vector.params?.['X-Amz-Expires']),
    });
    expect(presigned.query).toMatch(new RegExp(`&X-Amz-Signature=${expected.signature}$`));
  });

  it('is believed as it comes', () => {
    const wire = vector.wireUrl ?? `https://${vector.host}/?${request.query}&X-Amz-Signature=${expected.signature}`;
    const signed = { ...request, query: wire.slice(wire.indexOf('?') + 1) };

    expect(offersSigv4(signed)).toBe(true);
    expect(readSigv4(signed)).toMatchObject({
      accessKeyId: vector.secretId,
      expiresSeconds: 60,
      ...(vector.sessionToken ? { sessionToken: vector.sessionToken } : {}),
    });
    expect(verifies(signed, new Secret(vector.secretKey))).toBe(true);
    expect(verifies(signed, new Secret('another'))).toBe(false);
  });
});

const text = fc.string({ unit: 'binary', maxLength: 40 });
const headerText = fc.string({ unit: fc.constantFrom(...' \tabcXYZ019,;=/"~'), maxLength: 30 });
const name = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz-'), minLength: 1, maxLength: 12 });
const params = fc.uniqueArray(fc.tuple(text, text), { maxLength: 8, selector: ([key]) => key });

/** Any request that this service could send: query and body of any text, extra headers, a host with or without port. */
const requests: fc.Arbitrary<HttpRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  scheme: fc.constant('https' as const),
  host: fc.constantFrom('sts.amazonaws.com', 'ecs.example.test:4443', '127.0.0.1:3000', '[::1]:3000'),
  path: fc.constantFrom('/', '/sts', '/aws/sts/'),
  query: params.map(writeQuery),
  headers: fc.dictionary(
    name.map((end) => `x-${end}`).filter((whole) => !whole.startsWith('x-amz')),
    headerText,
    { maxKeys: 4 },
  ),
  body: fc.oneof(fc.constant(''), params.map(writeQuery), fc.string({ unit: 'binary', maxLength: 2000 })),
});

const keys: fc.Arbitrary<AccessKey> = fc
  .record({
    id: fc.string({ unit: fc.constantFrom(...'ABCDEF0123456789'), minLength: 16, maxLength: 128 }),
    secret: fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
    token: fc.option(fc.string({ unit: fc.constantFrom(...'abcXYZ019+/='), minLength: 1, maxLength: 2000 })),
  })
  .map(({ id, secret, token }) => ({
    id,
    secret: new Secret(secret),
    ...(token === null ? {} : { token: new Secret(token) }),
  }));

const moments = fc.record({
  now: fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }),
  region: fc.constantFrom('', 'us-east-1', 'cn-north-1'),
  service: fc.constantFrom('', 'sts'),
});

describe('a signature of ours', () => {
  it('is believed for every request, and tells who made it, when', () => {
    fc.assert(
      fc.property(requests, keys, moments, (request, key, how) => {
        const signed = sign(request, key, how);
        const proof = readSigv4(signed);

        expect(proof).toMatchObject({ accessKeyId: key.id, scope: { region: how.region, service: how.service } });
        expect('sessionToken' in proof ? proof.sessionToken : undefined).toBe(key.token?.reveal());
        expect(proof).toHaveProperty('signedAt', new Date(Math.floor(how.now.getTime() / 1000) * 1000));
        expect(verifies(signed, key.secret)).toBe(true);
        expect(verifies(signed, new Secret(`${key.secret.reveal()}x`))).toBe(false);
      }),
    );
  });

  it('is believed in a presigned URL too', () => {
    fc.assert(
      fc.property(requests, keys, moments, fc.integer({ min: 1, max: 604_800 }), (request, key, how, seconds) => {
        fc.pre(!request.query.includes('X-Amz-'));
        const signed = presign({ ...request, body: '' }, key, { ...how, expiresSeconds: seconds });

        expect(readSigv4(signed)).toMatchObject({ accessKeyId: key.id, expiresSeconds: seconds });
        expect(verifies(signed, key.secret)).toBe(true);
      }),
    );
  });

  type Change = (request: HttpRequest) => HttpRequest;
  const authorization =
    (edit: (header: string) => string): Change =>
    (request) => ({
      ...request,
      headers: { ...request.headers, authorization: edit(request.headers['authorization'] ?? '') },
    });
  const header =
    (key: string, value: string): Change =>
    (request) => ({
      ...request,
      headers: { ...request.headers, [key]: value },
    });
  const changes: Readonly<Record<string, Change>> = {
    method: (request) => ({ ...request, method: request.method === 'GET' ? 'POST' : 'GET' }),
    path: (request) => ({ ...request, path: `${request.path}x` }),
    'an added parameter': (request) => ({ ...request, query: [request.query, 'added=1'].filter(Boolean).join('&') }),
    'a longer body': (request) => ({ ...request, body: `${request.body}&` }),
    host: (request) => ({ ...request, host: `${request.host}0` }),
    'a signed header': header('x-signed', 'other'),
    'the content type': header('content-type', 'text/plain'),
    'the date': header('x-amz-date', '20200101T000000Z'),
    'the session token': header('x-amz-security-token', 'other'),
    'a declared payload hash that is not the body’s': header('x-amz-content-sha256', sha256Hex('other')),
    'an unsigned payload': header('x-amz-content-sha256', 'UNSIGNED-PAYLOAD'),
    'a signed header left out': authorization((value) => value.replace('x-signed', 'x-signet')),
    'the scope’s region': authorization((value) => value.replace('/us-east-1/', '/us-west-1/')),
    'the scope’s service': authorization((value) => value.replace('/sts/', '/s3/')),
    'the last digit of the signature': authorization((value) =>
      value.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ),
    'a signature in capitals': authorization((value) => value.replace(/\w+$/, (last) => last.toUpperCase())),
    'a signature cut short': authorization((value) => value.slice(0, -1)),
    'a second proof in the query': (request) => ({ ...request, query: 'X-Amz-Signature=1' }),
    'a second proof in the query, escaped': (request) => ({ ...request, query: 'X%2DAmz-Signature=1' }),
  };

  it.each(Object.entries(changes))('does not survive another %s', (_, change) => {
    const digits = fc.constantFrom('POST', 'GET');
    fc.assert(
      fc.property(requests, keys, digits, (request, key, method) => {
        const whole = {
          ...request,
          method,
          headers: { ...request.headers, 'content-type': 'application/x-www-form-urlencoded', 'x-signed': 'value' },
        };
        const withToken = { ...key, token: new Secret('token') };
        const how = { now: new Date('2024-01-15T08:30:45Z'), region: 'us-east-1', service: 'sts' };
        const signed = sign(whole, withToken, how);
        fc.pre(JSON.stringify(change(signed)) !== JSON.stringify(signed));
        expect(verifies(change(signed), key.secret)).toBe(false);
      }),
      { numRuns: 25 },
    );
  });

  it('counts whatever order and escapes the query takes on its way', () => {
    fc.assert(
      fc.property(params, keys, (pairs, key) => {
        fc.pre(pairs.every(([one]) => !one.startsWith('X-Amz-')));
        const how = { now: new Date(0), region: '', service: '' };
        const bare = { method: 'GET', scheme: 'https', host: 'h', path: '/', headers: {}, body: '' } as const;
        const signed = sign({ ...bare, query: writeQuery(pairs) }, key, how);
        const back = writeQuery(pairs.toReversed()).replaceAll('%20', '+').replaceAll('%3A', ':');
        expect(verifies({ ...signed, query: back }, key.secret)).toBe(true);
      }),
    );
  });
});

it('the key of a signature is for one scope, though the secret is one', () => {
  const secret = new Secret('secret');
  const scope = { date: '20261122', region: 'r', service: 's' };
  const scopes = [scope, { ...scope, date: '20261123' }, { ...scope, region: 'x' }, { ...scope, service: 'x' }, scope];
  const made = scopes.map((one) => signature(signingKey(secret, one), 'text'));
  expect([new Set(made).size, made[4]]).toEqual([4, made[0]]);
});

describe('the times of a signature', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
        expect(readTime(timeText(date))?.getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });
});

describe('beside the signers of others', () => {
  const how = { now: new Date('2024-01-15T08:30:45Z'), region: 'eu-west-1', service: 'sts' };
  const bag = (query: string): Record<string, string> => {
    const reading = readQuery(query);
    return 'fault' in reading ? {} : Object.fromEntries(reading.params);
  };
  const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
  const shared = fc.record({
    query: fc
      .uniqueArray(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }), text), {
        maxLength: 6,
        selector: ([key]) => key,
      })
      .filter((pairs) => pairs.every(([key]) => key !== '__proto__' && !key.toLowerCase().startsWith('x-amz-')))
      .map(writeQuery),
    body: fc.oneof(fc.constant(''), params.map(writeQuery), text),
    id: fc.constant('AKIAFAKEEXAMPLE00001'),
    secret: fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    extra: ascii.filter((value) => !/[\r\n]/.test(value)),
    path: fc.constantFrom('/', '/sts', '/aws/sts/'),
  });
  type Shared = typeof shared extends fc.Arbitrary<infer Value> ? Value : never;

  const ours = ({ query, body, path, extra }: Shared): HttpRequest => ({
    method: 'POST',
    scheme: 'https',
    host: 'sts.eu-west-1.amazonaws.com',
    path,
    query,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-extra': extra },
    body,
  });

  it('agrees with @smithy/signature-v4, which the AWS SDKs sign with', async () => {
    await fc.assert(
      fc.asyncProperty(shared, fc.option(ascii.filter((value) => /^\S+$/.test(value))), async (input, token) => {
        const request = ours(input);
        const key = { id: input.id, secret: new Secret(input.secret), ...(token ? { token: new Secret(token) } : {}) };
        const smithy = new SignatureV4({
          region: how.region,
          service: how.service,
          sha256: Sha256,
          applyChecksum: false,
          credentials: {
            accessKeyId: input.id,
            secretAccessKey: input.secret,
            ...(token ? { sessionToken: token } : {}),
          },
        });
        const theirs = await smithy.sign(
          new SmithyRequest({
            method: request.method,
            protocol: 'https:',
            hostname: request.host,
            path: request.path,
            query: bag(request.query),
            headers: { ...request.headers, host: request.host },
            body: request.body,
          }),
          { signingDate: how.now },
        );

        expect(sign(request, key, how).headers['authorization']).toBe(theirs.headers['authorization']);
      }),
    );
  });

  it('agrees with aws4', () => {
    fc.assert(
      fc.property(shared, (input) => {
        const request = ours(input);
        const key: AccessKey = { id: input.id, secret: new Secret(input.secret) };
        const signed = sign(request, key, how);
        const theirs = aws4.sign(
          {
            method: request.method,
            host: request.host,
            path: request.query === '' ? request.path : `${request.path}?${request.query}`,
            headers: { ...request.headers, host: request.host, 'x-amz-date': signed.headers['x-amz-date'] ?? '' },
            body: request.body,
            service: how.service,
            region: how.region,
            // It would sign a Content-Length of its own, which the transport is free to write as it likes.
            extraHeadersToIgnore: { 'content-length': true },
          } as Parameters<typeof aws4.sign>[0],
          { accessKeyId: input.id, secretAccessKey: input.secret },
        );

        expect(signed.headers['authorization']).toBe(theirs.headers?.['Authorization']);
      }),
    );
  });
});
