import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint, createLocalJWKSet, importX509, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { discoveryOf, keySetOf } from '../../lib/issuer/documents.ts';
import { signToken } from '../../lib/issuer/sign-token.ts';
import { localSigningKey } from '../../lib/issuer/signing-key.ts';

const signal = new AbortController().signal;
const issuer = 'https://issuer.example';
const now = new Date('2026-11-26T12:00:00Z');
const kinds: readonly (readonly [string, KeyObject])[] = [
  ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
];
const tokenOf = (key: KeyObject, more: Record<string, unknown> = {}) =>
  signToken(
    { sub: 'account:aws', aud: 'sts.amazonaws.com', more },
    { issuer, key: localSigningKey(key), now, lifetimeSeconds: 300, id: 'one' },
    signal,
  );

describe.each(kinds)('a token signed by %s', (algorithm, privateKey) => {
  it('is verified by jose with the published keys', async () => {
    const keys = await keySetOf([localSigningKey(privateKey)], signal);
    const token = (await tokenOf(privateKey, { grant: 'ci' })).reveal();
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: [...keys.keys] as never }), {
      issuer,
      audience: 'sts.amazonaws.com',
      currentDate: now,
    });

    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'JWT', kid: keys.keys[0]?.kid });
    expect(payload).toEqual({
      iss: issuer,
      sub: 'account:aws',
      aud: 'sts.amazonaws.com',
      iat: now.getTime() / 1000,
      nbf: now.getTime() / 1000,
      exp: now.getTime() / 1000 + 300,
      jti: 'one',
      grant: 'ci',
    });
  });

  it('is verified by the certificate that is published with the key, which any X.509 reader takes', async () => {
    const key = localSigningKey(privateKey);
    const [published] = (await keySetOf([key], signal)).keys;
    const certificate = new X509Certificate(Buffer.from(published?.x5c[0] ?? '', 'base64'));

    expect(certificate.verify(key.publicKey)).toBe(true);
    expect(certificate.subject).toBe(`CN=credmint ${key.kid}`);
    const token = (await tokenOf(privateKey)).reveal();
    await jwtVerify(token, await importX509(certificate.toString(), algorithm), { currentDate: now });
  });

  it('has the kid that RFC 7638 computes of its key, and publishes no private half', async () => {
    const [published] = (await keySetOf([localSigningKey(privateKey)], signal)).keys;

    expect(published?.kid).toBe(await calculateJwkThumbprint(published as never));
    for (const half of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(published).not.toHaveProperty(half);
  });
});

describe('the issuer', () => {
  it('lets no claim say what only the issuer may say', async () => {
    for (const name of ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']) {
      await expect(tokenOf(kinds[0]?.[1] as KeyObject, { [name]: 'x' })).rejects.toMatchObject({
        code: 'Misconfigured',
      });
    }
  });

  it('signs with no key that is short or of another type', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const other = generateKeyPairSync('ed25519').privateKey;
    for (const key of [short, other]) expect(() => localSigningKey(key)).toThrow(TypeError);
  });

  it('names its documents below its own URL', () => {
    expect(discoveryOf(issuer, ['RS256'])).toMatchObject({
      issuer,
      jwks_uri: 'https://issuer.example/.well-known/jwks.json',
      token_endpoint: 'https://issuer.example/token',
    });
  });
});
