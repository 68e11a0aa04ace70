import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { acsRpcProof } from '../../lib/signers/acs-proof.ts';
import { readRpc, sign, signature, stringToSign, verifyRpc } from '../../lib/signers/acs-rpc.ts';
import { readQuery } from '../../lib/wire/query.ts';
import { vectorsOf } from '../support/vectors.ts';

type VendorUtils = {
  default: { getRPCSignature(params: Readonly<Record<string, string>>, method: string, secret: string): string };
};
// By `require`, since a CommonJS default export is one thing to Node and another to the test runner.
const vendor: VendorUtils = createRequire(import.meta.url)('@alicloud/openapi-core/dist/utils.js');

const now = new Date('2026-11-22T02:00:00Z');
const key = { id: 'LTAIEXAMPLE', secret: new Secret('secret') };
const post: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.aliyuncs.com',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'Action=GetCallerIdentity&Version=2015-04-01',
};
const read = (text: string): ReadonlyMap<string, string> => {
  const reading = readQuery(text);
  if ('fault' in reading) throw new Error(reading.fault);
  return reading.params;
};
const signed = read(sign(post, key, { now, nonce: 7 }).body);
const without = (name: string) => new Map([...signed].filter(([each]) => each !== name));
const refusal = (params: ReadonlyMap<string, string>): unknown => {
  try {
    return acsRpcProof({ method: 'POST', params });
  } catch (thrown) {
    return thrown instanceof StsError ? [thrown.code, thrown.message, thrown.detail] : thrown;
  }
};

describe.each(vectorsOf('alibaba-rpc').map((vector) => ({ name: vector.name, vector })))(
  'the RPC signature of: $name',
  ({ vector }) => {
    const { method, expected } = vector;
    const params = new Map(Object.entries(vector.params ?? {}) as [string, string][]);
    const secret = new Secret(vector.secretKey);

    it('has its string to sign', () => {
      expect(stringToSign({ method, params })).toBe(expected.stringToSign);
    });

    it('has its signature', () => {
      expect(signature(secret, expected.stringToSign)).toBe(expected.signature);
    });

    it('is believed as it comes over the wire, and with no other key', () => {
      const wire = read((vector as unknown as { wire: string }).wire);
      const reading = readRpc(wire);
      if (reading.kind !== 'proof') throw new Error(reading.kind);
      expect(reading.proof).toMatchObject({ accessKeyId: vector.secretId, signature: expected.signature });
      expect(verifyRpc({ method, params: wire }, reading.proof, secret)).toBe(true);
      expect(verifyRpc({ method, params: wire }, reading.proof, new Secret(`${vector.secretKey}1`))).toBe(false);
      for (const [name, value] of wire) {
        if (name === 'Signature') continue;
        const changed = new Map([...wire, [name, `${value}x`]]);
        expect(verifyRpc({ method, params: changed }, reading.proof, secret), name).toBe(false);
      }
    });
  },
);

describe('signing in the RPC style', () => {
  it('is held against every vector there is', () => {
    expect(vectorsOf('alibaba-rpc')).toHaveLength(5);
  });

  it('puts the proof into the form of a POST and into the query of a GET', () => {
    const { body: _, ...rest } = post;
    const get = sign({ ...rest, method: 'GET', query: post.body, body: '' }, key, { now, nonce: 7 });
    expect(read(get.query).get('AccessKeyId')).toBe(key.id);
    expect(get.body).toBe('');
    expect(signed.get('AccessKeyId')).toBe(key.id);
    // Nothing stands before the proof if there is nothing else.
    const bare = sign({ ...rest, method: 'GET', query: '', body: '' }, key, { now, nonce: 7 });
    expect(bare.query).toMatch(/^AccessKeyId=/);
    expect(sign({ ...post, body: '' }, key, { now, nonce: 7 }).body).toMatch(/^AccessKeyId=/);
    // The method is signed.
    expect(read(get.query).get('Signature')).not.toBe(signed.get('Signature'));
  });

  it('sends and signs the token of a temporary key', () => {
    const params = read(sign(post, { ...key, token: new Secret('TOKEN') }, { now, nonce: 7 }).body);
    const proof = acsRpcProof({ method: 'POST', params });
    if (proof.kind !== 'signature') throw new Error(proof.kind);
    expect(proof.sessionToken?.reveal()).toBe('TOKEN');
    expect(proof.verify(key.secret)).toBe(true);
    const other = acsRpcProof({ method: 'POST', params: new Map([...params, ['SecurityToken', 'OTHER']]) });
    expect(other.kind === 'signature' && other.verify(key.secret)).toBe(false);
  });

  it('agrees with the vendor about any parameters', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.toWellFormed());
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,15}$/);
    fc.assert(
      fc.property(fc.dictionary(name, text), fc.constantFrom('GET', 'POST'), text, (given, method, secret) => {
        const params = Object.fromEntries(Object.entries(given).filter(([each]) => each !== 'Signature'));
        expect(signature(new Secret(secret), stringToSign({ method, params: new Map(Object.entries(params)) }))).toBe(
          vendor.default.getRPCSignature(params, method, secret),
        );
      }),
    );
  });
});

describe('a proof in the RPC style', () => {
  it('is none if neither a key nor a signature is offered', () => {
    expect(acsRpcProof({ method: 'POST', params: read(post.body) })).toEqual({ kind: 'none' });
  });

  it('is valid for a quarter of an hour around its timestamp', () => {
    expect(acsRpcProof({ method: 'POST', params: signed })).not.toHaveProperty('sessionToken');
    expect(acsRpcProof({ method: 'POST', params: signed })).toMatchObject({
      kind: 'signature',
      scheme: 'acs-rpc',
      valid: { from: new Date('2026-11-22T01:45:00Z'), until: new Date('2026-11-22T02:15:00Z') },
    });
  });

  it('is one by its signature, so that a poor nonce alone is no replay', () => {
    const other = read(sign(post, key, { now: new Date(now.getTime() + 1000), nonce: 7 }).body);
    const signatures = [signed, other].map((params) => {
      const proof = acsRpcProof({ method: 'POST', params });
      return proof.kind === 'signature' ? proof.uniqueSignature : undefined;
    });
    expect(new Set(signatures).size).toBe(2);
  });

  it.each(['AccessKeyId', 'Signature', 'SignatureNonce', 'Timestamp', 'SignatureMethod', 'SignatureVersion'])(
    'cannot be read without %s',
    (name) => {
      expect(refusal(without(name))).toEqual(['MalformedAuthorization', `${name} is missing.`, { parameter: name }]);
    },
  );

  it.each([
    ['Timestamp', '2026-11-22 02:00:00'],
    ['Timestamp', '2026-13-22T02:00:00Z'],
    ['Timestamp', '+002026-11-22T02:00:00Z'],
    ['Timestamp', '2026-11-22T02:00:00Z (x)'],
    ['SignatureMethod', 'HMAC-SHA256'],
    ['SignatureMethod', 'HMAC-SM3'],
    ['SignatureVersion', '2.0'],
  ])('cannot be read with %s %s', (name, value) => {
    expect(refusal(new Map([...signed, [name, value]]))).toEqual([
      'MalformedAuthorization',
      `${name} is malformed.`,
      { parameter: name },
    ]);
  });

  it('is read with all that it says, and has no token if there is none', () => {
    const proof = {
      accessKeyId: key.id,
      signature: signed.get('Signature'),
      signedAt: now,
      nonce: '7',
    };
    expect(readRpc(signed)).toStrictEqual({ kind: 'proof', proof });
    expect(readRpc(new Map([...signed, ['SecurityToken', '']]))).toStrictEqual({ kind: 'proof', proof });
    expect(readRpc(new Map([...signed, ['SecurityToken', 'TOKEN']]))).toStrictEqual({
      kind: 'proof',
      proof: { ...proof, sessionToken: 'TOKEN' },
    });
  });

  it('may have milliseconds in its timestamp, as one client writes it', () => {
    const reading = readRpc(new Map([...signed, ['Timestamp', '2026-11-22T02:00:00.123Z']]));
    expect(reading.kind === 'proof' && reading.proof.signedAt).toEqual(new Date('2026-11-22T02:00:00.123Z'));
  });
});
