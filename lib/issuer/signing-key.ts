import { createPublicKey, hash, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

/** The algorithms by which tokens are signed (RFC 7518, 3.1). Clouds that verify tokens all know RS256. */
export type SigningAlgorithm = 'RS256' | 'ES256' | 'ES384';

/** A key that signs tokens. Its private half may be here, or in a service that never gives it away. */
export interface TokenSigningKey {
  /** The RFC 7638 thumbprint of the public key, so that every instance names the same key alike. */
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicKey: KeyObject;
  /** The signature of a text or of bytes, as JWS has it (RFC 7515, 5.1). */
  sign(text: string | Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
}

/** Every member that RFC 7638, 3.2 takes of a key, in the order of their names. */
const thumbprintMembers = { RSA: ['e', 'kty', 'n'], EC: ['crv', 'kty', 'x', 'y'] } as const;

/** The RFC 7638 thumbprint of a public key, SHA-256, base64url. */
export const thumbprint = (publicKey: KeyObject): string => {
  const jwk: JsonWebKey = publicKey.export({ format: 'jwk' });
  const members = jwk.kty === 'EC' ? thumbprintMembers.EC : thumbprintMembers.RSA;
  return hash('sha256', JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]]))), 'base64url');
};

/** The algorithm of a key by its type; `undefined` for a key that no token may be signed with. RSA needs 2,048 bits. */
export const algorithmOf = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm | undefined => {
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? 'RS256' : undefined;
  if (asymmetricKeyType !== 'ec') return undefined;
  switch (asymmetricKeyDetails?.namedCurve) {
    case 'prime256v1':
      return 'ES256';
    case 'secp384r1':
      return 'ES384';
    default:
      return undefined;
  }
};

export const digestOf = (algorithm: SigningAlgorithm): 'sha256' | 'sha384' =>
  algorithm === 'ES384' ? 'sha384' : 'sha256';

/**
 * A signing key whose private half is in this process. Throws a TypeError for a key of a type or size that is not used.
 *
 * @example
 * const key = localSigningKey(createPrivateKey(pem));
 */
export const localSigningKey = (privateKey: KeyObject): TokenSigningKey => {
  const algorithm = algorithmOf(privateKey);
  if (algorithm === undefined) throw new TypeError('must be RSA of 2048 bits or more, or EC on P-256 or P-384');
  const publicKey = createPublicKey(privateKey);
  return {
    kid: thumbprint(publicKey),
    algorithm,
    publicKey,
    // An ECDSA signature of JWS is the two numbers side by side (RFC 7518, 3.4), and not DER.
    sign: async (text) => sign(digestOf(algorithm), Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
};
