import { createPublicKey, hash } from 'node:crypto';
import type { AwsCall } from '../aws/json.ts';
import { causeOf } from '../core/cause.ts';
import { StsError } from '../core/errors.ts';
import { member } from '../wire/json.ts';
import { algorithmOf, digestOf, type SigningAlgorithm, type TokenSigningKey, thumbprint } from './signing-key.ts';

/** KMS's names of the algorithms. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
const kmsAlgorithms: Readonly<Record<SigningAlgorithm, string>> = {
  RS256: 'RSASSA_PKCS1_V1_5_SHA_256',
  ES256: 'ECDSA_SHA_256',
  ES384: 'ECDSA_SHA_384',
};

/** Errors of KMS that have nothing to do with the key. https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html */
const passing: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'RequestLimitExceeded',
  'DependencyTimeoutException',
  'KeyUnavailableException',
  'KMSInternalException',
  'InternalFailure',
  'ServiceUnavailable',
]);

const bytesOf = (value: unknown): Buffer | undefined =>
  typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;

/** The two numbers of a DER signature side by side, each `size` bytes long, as JWS has them. */
const rawEcdsa = (signature: Buffer, size: number): Buffer => {
  const numberAt = (at: number): Buffer => signature.subarray(at + 2, at + 2 + (signature[at + 1] ?? 0));
  const first = numberAt(2);
  const second = numberAt(4 + first.length);
  const padded = (number: Buffer): Buffer => Buffer.concat([Buffer.alloc(size), number]).subarray(-size);
  return Buffer.concat([padded(first), padded(second)]);
};

/**
 * A signing key that never leaves AWS KMS: its public half is read once, and each token is signed there (`kms:Sign`,
 * `kms:GetPublicKey`). Rejects with Misconfigured if the key may not be used or is of a type that is not, and
 * with CloudUnavailable if KMS does not answer now.
 */
export const kmsSigningKey = async (keyId: string, call: AwsCall, signal: AbortSignal): Promise<TokenSigningKey> => {
  const ask = async (operation: string, input: object, deadline: AbortSignal): Promise<unknown> => {
    const reply = await call(operation, input, deadline).catch((thrown: unknown) => {
      throw new StsError('CloudUnavailable', "The service that keeps the issuer's key does not answer.", {
        cause: causeOf(thrown),
      });
    });
    if ('result' in reply) return reply.result;
    if (passing.has(reply.error)) {
      throw new StsError('CloudUnavailable', `KMS cannot use the issuer's key now (${reply.error}).`, {
        cause: causeOf({ code: reply.error }),
      });
    }
    throw new StsError('Misconfigured', `The issuer's key in KMS may not be used (${reply.error}).`);
  };
  const spki = bytesOf(member(await ask('GetPublicKey', { KeyId: keyId }, signal), 'PublicKey'));
  if (spki === undefined) throw new StsError('Misconfigured', "The issuer's key in KMS has no public half.");
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const algorithm = algorithmOf(publicKey);
  if (algorithm === undefined)
    throw new StsError('Misconfigured', "The issuer's key in KMS is of a type that is not used.");
  return {
    kid: thumbprint(publicKey),
    algorithm,
    publicKey,
    sign: async (text, deadline) => {
      const digest = hash(digestOf(algorithm), text, 'base64');
      const input = {
        KeyId: keyId,
        Message: digest,
        MessageType: 'DIGEST',
        SigningAlgorithm: kmsAlgorithms[algorithm],
      };
      const signature = bytesOf(member(await ask('Sign', input, deadline), 'Signature'));
      if (signature === undefined) throw new StsError('CloudUnavailable', 'KMS gave no signature.');
      return algorithm === 'RS256' ? signature : rawEcdsa(signature, algorithm === 'ES256' ? 32 : 48);
    },
  };
};
