import { createPublicKey, generateKeyPairSync, hash, type KeyObject, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AwsCall } from '../../lib/aws/json.ts';
import { kmsSigningKey } from '../../lib/issuer/kms-key.ts';

const signal = new AbortController().signal;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;

/** KMS as its pages have it: it signs a digest, and answers ECDSA in DER. */
const kms =
  (privateKey: KeyObject, asked: unknown[] = []): AwsCall =>
  async (operation, input) => {
    asked.push([operation, input]);
    if (operation === 'GetPublicKey') {
      const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
      return { result: { PublicKey: spki.toString('base64') } };
    }
    const { Message, SigningAlgorithm } = input as { Message: string; SigningAlgorithm: string };
    const digest = Buffer.from(Message, 'base64');
    // Node signs texts and no digests, but for RSA with the DigestInfo of RFC 8017, 9.2 before it.
    if (SigningAlgorithm.startsWith('RSA')) {
      const info = Buffer.from('3031300d060960864801650304020105000420', 'hex');
      const { privateEncrypt, constants } = await import('node:crypto');
      const padded = privateEncrypt(
        { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
        Buffer.concat([info, digest]),
      );
      return { result: { Signature: padded.toString('base64') } };
    }
    return { result: { Signature: sign(null, digest, privateKey).toString('base64') } };
  };

describe('a key that never leaves KMS', () => {
  it('signs with RSASSA_PKCS1_V1_5_SHA_256 what its public half verifies', async () => {
    const asked: unknown[] = [];
    const key = await kmsSigningKey('alias/issuer', kms(rsa, asked), signal);
    const signature = await key.sign('a text', signal);

    expect(verify('sha256', Buffer.from('a text'), key.publicKey, signature)).toBe(true);
    expect(asked).toMatchObject([
      ['GetPublicKey', { KeyId: 'alias/issuer' }],
      ['Sign', { MessageType: 'DIGEST', SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' }],
    ]);
  });

  it.each([
    { curve: 'P-256', privateKey: p256, algorithm: 'ES256', size: 64, digest: 'sha256' },
    { curve: 'P-384', privateKey: p384, algorithm: 'ES384', size: 96, digest: 'sha384' },
  ])(
    'turns the DER of $curve into the two numbers of JWS, whatever their length',
    async ({ privateKey, algorithm, size, digest }) => {
      const key = await kmsSigningKey('k', kms(privateKey), signal);
      expect(key.algorithm).toBe(algorithm);
      // Leading zeros of a number are rare: enough tries to see some.
      for (let round = 0; round < 64; round++) {
        const signature = await key.sign(`text ${round}`, signal);
        expect(signature).toHaveLength(size);
        const half = { key: key.publicKey, dsaEncoding: 'ieee-p1363' as const };
        expect(verify(null, hash(digest, `text ${round}`, 'buffer'), half, signature)).toBe(true);
      }
    },
  );

  it.each([
    { why: 'it may not be used', call: async () => ({ error: 'AccessDeniedException' }), code: 'Misconfigured' },
    { why: 'KMS gets too much', call: async () => ({ error: 'ThrottlingException' }), code: 'CloudUnavailable' },
    { why: 'it has no public half', call: async () => ({ result: {} }), code: 'Misconfigured' },
    { why: 'nobody answers', call: () => Promise.reject(new Error('down')), code: 'CloudUnavailable' },
  ])('says so if $why', async ({ call, code }) => {
    await expect(kmsSigningKey('k', call, signal)).rejects.toMatchObject({ code });
  });
});
