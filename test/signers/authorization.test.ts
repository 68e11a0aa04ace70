import { describe, expect, it } from 'vitest';
import type { SignatureProof } from '../../lib/core/caller.ts';
import type { AccessKey } from '../../lib/core/credentials.ts';
import type { HttpHeaders, HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { acs3Proof } from '../../lib/signers/acs-proof.ts';
import { offersAcs3, readAcs3, sign as signAcs3 } from '../../lib/signers/acs3.ts';
import { offersHuawei, readHuawei, sign as signHuawei } from '../../lib/signers/huawei-hmac.ts';
import { huaweiHmacProof } from '../../lib/signers/huawei-hmac-proof.ts';
import { sign as signSigv4 } from '../../lib/signers/sigv4.ts';
import { sigv4Proof } from '../../lib/signers/sigv4-proof.ts';
import { offersSigv4, readSigv4 } from '../../lib/signers/sigv4-verify.ts';
import { offersTc3, readTc3, sign as signTc3 } from '../../lib/signers/tc3.ts';
import { tc3Proof } from '../../lib/signers/tc3-proof.ts';
import { offersVolc, readVolc, sign as signVolc } from '../../lib/signers/volc-hmac.ts';
import { volcHmacProof } from '../../lib/signers/volc-hmac-proof.ts';

// What the five schemes with an Authorization header have in common.

const now = new Date('2026-11-22T02:00:00Z');
const key = { id: 'AKIDEXAMPLE', secret: new Secret('secret') };
const request: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.example.test',
  path: '/',
  query: '',
  // What a proxy adds is not signed.
  headers: { 'content-type': 'application/json', accept: '*/*', via: '1.1 proxy' },
  body: '{}',
};
const here = [{ host: request.host, path: request.path }];
const how = { now, nonce: 7, region: 'r-1', service: 'sts' };

interface Scheme {
  readonly name: string;
  readonly sent: HttpRequest;
  readonly signed: readonly string[];
  /** The signature; undefined if it is malformed. */
  readonly read: (request: HttpRequest) => object | undefined;
  readonly offers: (request: HttpRequest) => boolean;
  readonly scheme: string;
  readonly proof: (request: HttpRequest) => SignatureProof;
  /** The request as it is signed by a temporary key. */
  readonly sentBy: (key: AccessKey) => HttpRequest;
}

const unlessFaulty = (reading: object): object | undefined => ('fault' in reading ? undefined : reading);

const schemes: readonly Scheme[] = [
  {
    name: 'ACS3',
    sent: signAcs3(request, key, how),
    signed: ['content-type', 'host', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce'],
    read: readAcs3,
    offers: offersAcs3,
    scheme: 'acs3',
    proof: (one) => acs3Proof(one, here),
    sentBy: (one) => signAcs3(request, one, how),
  },
  {
    name: 'SDK-HMAC-SHA256',
    sent: signHuawei(request, key, { now }),
    signed: ['content-type', 'host', 'x-sdk-date'],
    read: readHuawei,
    offers: offersHuawei,
    scheme: 'huawei-sdk-hmac-sha256',
    proof: (one) => huaweiHmacProof(one, here),
    sentBy: (one) => signHuawei(request, one, { now }),
  },
  {
    name: 'V11-HMAC-SHA256',
    sent: signHuawei(request, key, { now, derived: how }),
    signed: ['content-type', 'host', 'x-sdk-date'],
    read: readHuawei,
    offers: offersHuawei,
    scheme: 'huawei-v11-hmac-sha256',
    proof: (one) => huaweiHmacProof(one, here),
    sentBy: (one) => signHuawei(request, one, { now, derived: how }),
  },
  {
    name: 'TC3',
    sent: signTc3(request, key, how),
    signed: ['content-type', 'host', 'x-tc-action'],
    read: readTc3,
    offers: offersTc3,
    scheme: 'tc3',
    proof: (one) => tc3Proof(one, here),
    sentBy: (one) => signTc3(request, one, how),
  },
  {
    name: 'HMAC-SHA256 of Volcengine',
    sent: signVolc(request, key, how),
    signed: ['host', 'x-content-sha256', 'x-date'],
    read: readVolc,
    offers: offersVolc,
    scheme: 'volc-hmac-sha256',
    proof: (one) => volcHmacProof(one, here),
    sentBy: (one) => signVolc(request, one, how),
  },
  {
    name: 'SigV4',
    sent: signSigv4(request, key, how),
    signed: ['content-type', 'host', 'x-amz-date'],
    read: (one) => unlessFaulty(readSigv4(one)),
    offers: offersSigv4,
    scheme: 'sigv4',
    proof: (one) => sigv4Proof(one, { hosts: [request.host], services: ['sts'] }),
    sentBy: (one) => signSigv4(request, one, how),
  },
];

describe.each(schemes)(
  'an Authorization by $name',
  ({ sent, signed, read, offers, scheme, proof: proofOf, sentBy }) => {
    const { authorization = '', ...others } = sent.headers;
    const withHeaders = (headers: HttpHeaders): HttpRequest => ({ ...sent, headers });
    const written = (text: string): HttpRequest => withHeaders({ ...others, authorization: text });
    const proof = read(sent);

    it('covers its own headers and no others', () => {
      expect(proof).toMatchObject({ accessKeyId: key.id, signedHeaders: signed });
      expect(authorization).toContain(`SignedHeaders=${signed.join(';')}`);
      expect(proof).not.toHaveProperty('sessionToken');
    });

    it('is a proof of its key, with a token only if the key is temporary', () => {
      const made = proofOf(sent);
      expect(made).toMatchObject({ kind: 'signature', scheme, accessKeyId: key.id });
      expect(made).not.toHaveProperty('sessionToken');
      expect([made.verify(key.secret), made.verify(new Secret('other'))]).toEqual([true, false]);
      const temporary = proofOf(sentBy({ ...key, token: new Secret('TOKEN') }));
      expect(temporary.sessionToken?.reveal()).toBe('TOKEN');
      expect(temporary.verify(key.secret)).toBe(true);
    });

    it.each<[string, (text: string) => string]>([
      ['no blanks behind its commas', (text) => text.replaceAll(/,\s*/g, ',')],
      ['several blanks around its commas', (text) => text.replaceAll(/,\s*/g, ' \t,  ')],
      ['several blanks behind the algorithm', (text) => text.replace(' ', '  \t')],
      ['blanks behind it', (text) => `${text} \t`],
    ])('is the same with %s', (_, change) => {
      expect(read(written(change(authorization)))).toEqual(proof);
    });

    it.each<[string, (text: string) => string]>([
      ['something before it', (text) => `x${text}`],
      ['another scheme before it', (text) => `Basic x, ${text}`],
      ['a digit more', (text) => `${text}0`],
      ['a digit less', (text) => text.slice(0, -1)],
      ['digits in capitals', (text) => text.replace(/.{64}$/, 'A'.repeat(64))],
      ['something behind it', (text) => `${text} x`],
      ['no blank behind the algorithm', (text) => text.replace(' ', '')],
      ['no comma', (text) => text.replace(/,\s*SignedHeaders/, ' SignedHeaders')],
      ['no comma before the signature', (text) => text.replace(/,\s*Signature=/, ' Signature=')],
      ['no id', (text) => text.replace(key.id, '')],
      ['a blank in the id', (text) => text.replace(key.id, 'A B')],
      ['no headers', (text) => text.replace(/SignedHeaders=[^,]*/, 'SignedHeaders=')],
      ['no signature', (text) => text.replace(/,\s*Signature=.*/, '')],
      ['nothing but its algorithm', (text) => text.split(' ', 1)[0] ?? ''],
    ])('is not read with %s', (_, change) => {
      expect(read(written(change(authorization)))).toBeUndefined();
    });

    it('is not read if there is none', () => {
      expect(read(withHeaders(others))).toBeUndefined();
    });

    it('is offered by its first letters, and by those alone', () => {
      expect(offers(sent)).toBe(true);
      expect(offers(written(`x${authorization}`))).toBe(false);
      expect(offers(written('Bearer x'))).toBe(false);
      expect(offers(withHeaders(others))).toBe(false);
    });
  },
);
