import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import type VendorSign from 'tencentcloud-sdk-nodejs/tencentcloud/common/sign.js';
import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../../lib/core/credentials.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import {
  canonicalRequest,
  payloadHash,
  readTc3,
  sign,
  signature,
  signingKey,
  stringToSign,
  verifyTc3,
} from '../../lib/signers/tc3.ts';
import { tc3Proof } from '../../lib/signers/tc3-proof.ts';
import { writeQuery } from '../../lib/wire/query.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import all from './vectors.json' with { type: 'json' };

// By `require`, since a CommonJS default export is one thing to Node and another to the test runner.
const vendor: typeof VendorSign = createRequire(import.meta.url)('tencentcloud-sdk-nodejs/tencentcloud/common/sign.js');
const vendorSign = vendor.default.sign3;

const anInstant = new Date('2026-11-22T02:00:00Z');
const aKey = { id: 'AKID', secret: new Secret('secret') };
const plain: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.example.test',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/json', 'x-tc-action': 'AssumeRole' },
  body: '{}',
};
const authorized = (): string =>
  sign(plain, aKey, { now: anInstant, service: 'sts', signedHeaders: ['content-type', 'host'] }).headers[
    'authorization'
  ] ?? '';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const anyPairs = fc.array(fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), anyText), { maxLength: 8 });
const anyKey = fc.record({
  id: fc.stringMatching(/^[A-Za-z0-9]{1,40}$/),
  secret: anyText.map((text) => new Secret(text)),
});
const anyInstant = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const anyRequest: fc.Arbitrary<HttpRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  scheme: fc.constant('https' as const),
  host: fc.stringMatching(/^[a-z]{1,20}(\.[a-z]{1,20}){0,3}(:\d{1,5})?$/),
  path: fc.constant('/'),
  query: anyPairs.map(writeQuery),
  headers: fc.record({
    'content-type': fc.stringMatching(/^[a-z]+\/[a-z]+(; [a-z]+=[a-z0-9-]+)?$/),
    'x-tc-action': fc.stringMatching(/^[A-Za-z]{1,30}$/),
  }),
  body: anyText,
});

/** Whether the request proves to come from the holder of the key: its id says which secret to verify with. */
const holds = (request: HttpRequest, key: AccessKey): boolean => {
  const proof = readTc3(request);
  return proof !== undefined && proof.accessKeyId === key.id && verifyTc3(request, proof, key.secret);
};

/** The text with each character in turn made another one, whatever its case. */
const spoiled = (text: string): readonly string[] =>
  Array.from(text, (_, index) => {
    const other = text[index]?.toLowerCase() === 'x' ? 'y' : 'x';
    return `${text.slice(0, index)}${other}${text.slice(index + 1)}`;
  });

/** The request with one character of what its signature covers changed, one mutant for each. */
const mutationsOf = (request: HttpRequest): readonly { readonly what: string; readonly mutant: HttpRequest }[] => {
  const { headers } = request;
  const names = ['content-type', 'x-tc-timestamp', 'authorization'];
  // An action is signed only where the list of headers says so; a body, unless the sender says that it is not.
  if (headers['authorization']?.includes(';x-tc-action')) names.push('x-tc-action');
  const parts =
    headers['x-tc-content-sha256'] === undefined ? (['host', 'query', 'body'] as const) : (['host', 'query'] as const);
  return [
    ...parts.flatMap((part) =>
      [...spoiled(request[part]), `${request[part]}x`].map((text) => ({
        what: `${part} ${text}`,
        mutant: { ...request, [part]: text },
      })),
    ),
    ...names.flatMap((name) =>
      spoiled(headers[name] ?? '').map((text) => ({
        what: `${name} ${text}`,
        mutant: { ...request, headers: { ...headers, [name]: text } },
      })),
    ),
    { what: 'method', mutant: { ...request, method: request.method === 'GET' ? 'POST' : 'GET' } },
  ];
};

/** A vector whose whole request is known: the page that masks its secret is told of below. */
const vectors = all.flatMap((vector) => {
  const { name, source, method, host, path, query = '', body = '', headers, signedHeaders, service, expected } = vector;
  if (vector.dialect !== 'tencent-tc3' || vector.secretKey === null || expected.canonicalRequest === undefined)
    return [];
  const lower = Object.entries(headers ?? {}).map(([key, value]) => [key.toLowerCase(), String(value)] as const);
  const timestamp = String(vector.timestamp);
  return [
    {
      name: `${name} (${source})`,
      key: { id: vector.secretId ?? '', secret: new Secret(vector.secretKey ?? '') },
      // The Node SDK signs the host without its port, though it sends it.
      signedHost: source.includes('nodejs') ? host.replace(/:\d+$/, '') : host,
      request: {
        method,
        scheme: 'https',
        host,
        path,
        query,
        headers: Object.fromEntries(lower),
        body,
      } satisfies HttpRequest,
      names: (signedHeaders ?? '').split(';'),
      timestamp,
      scope: { date: new Date(Number(timestamp) * 1000).toISOString().slice(0, 10), service: service ?? '' },
      expected: { ...expected, canonicalRequest: expected.canonicalRequest },
    },
  ];
});

describe('TC3-HMAC-SHA256', () => {
  it('is held against every vector there is', () => {
    expect(vectors).toHaveLength(12);
  });

  describe.each(vectors)('$name', ({ key, request, signedHost, names, timestamp, scope, expected }) => {
    const meant = { ...request, host: signedHost };
    const authorization = `TC3-HMAC-SHA256 Credential=${key.id}/${scope.date}/${scope.service}/tc3_request, SignedHeaders=${names.join(';')}, Signature=${expected.signature}`;
    const sent = { ...meant, headers: { ...request.headers, authorization } };

    it('has this canonical request', () => {
      expect(canonicalRequest(meant, names, payloadHash(request))).toBe(expected.canonicalRequest);
    });

    it('has this string to sign', () => {
      expect(stringToSign(timestamp, scope, expected.canonicalRequest)).toBe(expected.stringToSign);
    });

    it('has this signature', () => {
      expect(signature(signingKey(key.secret, scope), expected.stringToSign)).toBe(expected.signature);
    });

    it('is signed with this Authorization header', () => {
      const now = new Date(Number(timestamp) * 1000);
      const signed = sign(meant, key, { now, service: scope.service, signedHeaders: names });
      expect(signed.headers['authorization']).toBe(expected.authorization ?? authorization);
      expect(signed.headers['x-tc-timestamp']).toBe(timestamp);
    });

    it('is verified', () => {
      const proof = readTc3(sent);
      expect(proof).toMatchObject({ accessKeyId: key.id, scope, signedHeaders: names, timestamp });
      expect(proof && verifyTc3(sent, proof, key.secret)).toBe(true);
    });

    it('is refused with any one character of what is signed changed', () => {
      const accepted = mutationsOf(sent).filter(({ mutant }) => holds(mutant, key));
      expect(accepted.map(({ what }) => what)).toEqual([]);
    });

    it('is refused with another secret', () => {
      const proof = readTc3(sent);
      expect(proof && verifyTc3(sent, proof, new Secret('another'))).toBe(false);
    });
  });

  it('derives the keys that the vendor prints where it masks the secret', () => {
    const vector = all.find(({ derived }) => derived !== undefined);
    const { derived, expected } = vector ?? {};
    const next = (key: string | undefined, text: string) =>
      createHmac('sha256', Buffer.from(key ?? '', 'hex'))
        .update(text)
        .digest('hex');
    expect(next(derived?.secretDate, 'cvm')).toBe(derived?.secretService);
    expect(next(derived?.secretService, 'tc3_request')).toBe(derived?.secretSigning);
    expect(next(derived?.secretSigning, expected?.stringToSign ?? '')).toBe(expected?.signature);
  });

  it('derives the key that the steps of the specification give', () => {
    const step = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const expected = step(step(step('TC3a secret', '2026-11-22'), 'sts'), 'tc3_request');
    const key = signingKey(new Secret('a secret'), { date: '2026-11-22', service: 'sts' });
    expect(signature(key, 'a text')).toBe(step(expected, 'a text').toString('hex'));
  });

  it('signs by a key for one scope, though the secret is one', () => {
    const scope = { date: '2026-11-22', service: 's' };
    const scopes = [scope, { ...scope, date: '2026-11-23' }, { ...scope, service: 'x' }, scope];
    const made = scopes.map((one) => signature(signingKey(aKey.secret, one), 'text'));
    expect([new Set(made).size, made[3]]).toEqual([3, made[0]]);
  });

  it('signs header values in lower case, as the current page has it', () => {
    const canonical = canonicalRequest(
      { ...plain, headers: { 'content-type': ' Application/JSON ', 'x-tc-action': 'DescribeInstances' } },
      ['content-type', 'host', 'x-tc-action'],
      '',
    );
    expect(canonical).toContain(
      'content-type:application/json\nhost:sts.example.test\nx-tc-action:describeinstances\n',
    );
  });

  it('signs the action too where nothing else is asked, so that it cannot be changed on the way', () => {
    const signed = sign(plain, aKey, { now: anInstant, service: 'sts' });
    const proof = readTc3(signed);
    expect(proof?.signedHeaders).toEqual(['content-type', 'host', 'x-tc-action']);
    const changed = { ...signed, headers: { ...signed.headers, 'x-tc-action': 'GetFederationToken' } };
    expect(proof && verifyTc3(changed, proof, aKey.secret)).toBe(false);
  });

  it('sends the token of a temporary triad, and leaves it out of the signature as the SDKs do', () => {
    const signed = sign(plain, { ...aKey, token: new Secret('T') }, { now: anInstant, service: 'sts' });
    expect(signed.headers['x-tc-token']).toBe('T');
    expect(readTc3(signed)?.sessionToken).toBe('T');
    expect(readTc3(signed)?.signedHeaders).not.toContain('x-tc-token');
    expect(readTc3({ headers: { ...signed.headers, 'x-tc-token': '' } })).not.toHaveProperty('sessionToken');
  });

  it('tells a payload left unsigned from a payload of those words', () => {
    const words = { headers: {}, body: 'UNSIGNED-PAYLOAD' };
    const unsigned = { headers: { 'x-tc-content-sha256': 'UNSIGNED-PAYLOAD' }, body: 'anything' };
    // The same hash is no harm: only what is said to be unsigned may be anything.
    expect(payloadHash(unsigned)).toBe(payloadHash(words));
    expect(payloadHash({ ...unsigned, headers: {} })).not.toBe(payloadHash(words));
  });

  it('takes spaces around the Authorization and between its parts', () => {
    const signed = sign(plain, aKey, { now: anInstant, service: 'sts' });
    const spaced = ` ${signed.headers['authorization']?.replaceAll(', ', ' ,  ')} `;
    expect(readTc3({ headers: { ...signed.headers, authorization: spaced } })).toEqual(readTc3(signed));
  });

  it.each([
    ['no Authorization', { authorization: '' }],
    ['another algorithm', { authorization: authorized().replace('TC3-HMAC-SHA256', 'TC3-HMAC-SM3') }],
    ['an empty secret id', { authorization: authorized().replace('Credential=AKID', 'Credential=') }],
    ['a scope that ends otherwise', { authorization: authorized().replace('tc3_request', 'aws4_request') }],
    ["a date that is not the timestamp's", { authorization: authorized().replace('2026-11-22', '2026-11-23') }],
    ['an undashed date', { authorization: authorized().replace('2026-11-22', '20261122') }],
    ['no content-type among what is signed', { authorization: authorized().replace('content-type;', '') }],
    ['no host among what is signed', { authorization: authorized().replace(';host', '') }],
    ['a header list in upper case', { authorization: authorized().replace(';host', ';Host') }],
    ['a short signature', { authorization: authorized().slice(0, -1) }],
    ['something after the signature', { authorization: `${authorized()}, Signature=${'0'.repeat(64)}` }],
    ['no timestamp', { 'x-tc-timestamp': '' }],
    ['a timestamp that is no number', { 'x-tc-timestamp': '1.7e9' }],
    ['something before the timestamp', { 'x-tc-timestamp': ` ${anInstant.getTime() / 1000}` }],
    ['something behind the timestamp', { 'x-tc-timestamp': `${anInstant.getTime() / 1000} ` }],
    ['a timestamp beyond all dates', { 'x-tc-timestamp': '99999999999' }],
  ])('cannot be read with %s', (_what, headers) => {
    const signed = sign(plain, aKey, { now: anInstant, service: 'sts', signedHeaders: ['content-type', 'host'] });
    expect(readTc3(signed)).toBeDefined();
    expect(readTc3({ headers: { ...signed.headers, ...headers } })).toBeUndefined();
  });

  it('verifies whatever it signs', () => {
    fc.assert(
      fc.property(anyRequest, anyKey, anyInstant, (request, key, now) => {
        const signed = sign(request, key, { now, service: 'sts' });
        return holds(signed, key);
      }),
    );
  });

  it('refuses whatever was changed after signing', () => {
    fc.assert(
      fc.property(anyRequest, anyKey, anyInstant, fc.nat(), (request, key, now, at) => {
        const signed = sign(request, key, { now, service: 'sts' });
        const mutants = mutationsOf(signed);
        const mutant = mutants[at % mutants.length]?.mutant ?? signed;
        return !holds(mutant, key);
      }),
    );
  });

  it("signs like the vendor's own signer", () => {
    const posted = fc.record({ body: anyText, query: fc.constant('') });
    const got = fc.record({ body: fc.constant(''), query: anyPairs.map(writeQuery) });
    const type = fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'application/x-www-form-urlencoded',
    );
    fc.assert(
      fc.property(fc.boolean(), posted, got, type, anyKey, anyInstant, (isPost, post, get, contentType, key, now) => {
        const method = isPost ? 'POST' : 'GET';
        const { body, query } = isPost ? post : get;
        const theirs = vendorSign({
          method,
          url: `https://sts.example.test/${query === '' ? '' : `?${query}`}`,
          payload: method === 'POST' ? Buffer.from(body) : '',
          timestamp: Math.floor(now.getTime() / 1000),
          service: 'sts',
          secretId: key.id,
          secretKey: key.secret.reveal(),
          multipart: false,
          boundary: '',
          headers: { 'Content-Type': contentType },
        });
        const ours = sign({ ...plain, method, query, body, headers: { 'content-type': contentType } }, key, {
          now,
          service: 'sts',
          signedHeaders: ['content-type', 'host'],
        });
        expect(ours.headers['authorization']).toBe(theirs);
      }),
    );
  });
});

describe('the proof of a request signed by TC3', () => {
  const signed = sign(plain, { ...aKey, token: new Secret('T') }, { now: anInstant, service: 'sts' });
  const here = [{ host: plain.host, path: '/' }];

  it('counts five minutes either way', () => {
    expect(tc3Proof(signed, here).valid).toEqual({
      from: new Date('2026-11-22T01:55:00Z'),
      until: new Date('2026-11-22T02:05:00Z'),
    });
  });

  it('counts under any of the names of this server, and no other', () => {
    const elsewhere = [{ host: 'other.test', path: '/' }];
    expect(tc3Proof(signed, here).verify(aKey.secret)).toBe(true);
    expect(tc3Proof(signed, [...elsewhere, ...here]).verify(aKey.secret)).toBe(true);
    expect(tc3Proof(signed, elsewhere).verify(aKey.secret)).toBe(false);
  });

  it('is an error of its kind where it cannot be read', () => {
    const without = (name: string) => ({ ...signed, headers: { ...signed.headers, [name]: '' } });
    const refusal = (request: HttpRequest) => {
      const { code, message, detail } = expectRefusal(() => tc3Proof(request, here));
      return [code, message, detail];
    };
    expect(refusal(without('x-tc-timestamp'))).toEqual([
      'MissingParameter',
      'X-TC-Timestamp is missing.',
      { parameter: 'Timestamp' },
    ]);
    expect(refusal(without('authorization'))).toEqual([
      'MalformedAuthorization',
      'The signature must have Credential with the date of its timestamp, SignedHeaders with content-type and host, and Signature.',
      {},
    ]);
    const unsigned = { ...plain, headers: { ...plain.headers, 'x-tc-content-sha256': 'UNSIGNED-PAYLOAD' } };
    const sent = sign(unsigned, aKey, { now: anInstant, service: 'sts' });
    expect(refusal({ ...sent, body: 'anything' })).toEqual([
      'MalformedAuthorization',
      'The body decides what is asked, so it must be signed.',
      {},
    ]);
    expect(tc3Proof({ ...sent, body: '' }, here).verify(aKey.secret)).toBe(true);
  });

  it('is for one of the services, or for what the SDKs take for it of a host', () => {
    const verified = (host: string, service: string, ...services: readonly string[]) => {
      const sent = sign({ ...plain, host }, aKey, { now: anInstant, service });
      return tc3Proof(sent, [{ host, path: '/' }], ...(services.length > 0 ? [services] : [])).verify(aKey.secret);
    };
    expect([verified('api.test', 'sts'), verified('api.test', 'api'), verified('127.0.0.1', '127')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([verified('api.test', 'cam'), verified('api.test', 'test')]).toEqual([false, false]);
    expect([verified('api.test', 'cam', 'cam'), verified('api.test', 'sts', 'cam')]).toEqual([true, false]);
  });

  it('has no token if the request has none', () => {
    const { headers } = sign(plain, aKey, { now: anInstant, service: 'sts' });
    expect(readTc3({ headers })).not.toHaveProperty('sessionToken');
    expect(readTc3({ headers: { ...headers, 'x-tc-token': '' } })).not.toHaveProperty('sessionToken');
    expect(readTc3({ headers: { ...headers, 'x-tc-token': 'T' } })).toMatchObject({ sessionToken: 'T' });
  });
});
