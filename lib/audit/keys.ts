import { createPublicKey, hash, type KeyObject, sign } from 'node:crypto';

/** A key that signs checkpoints. */
export interface SigningKey {
  readonly id: string;
  /** The public half: SubjectPublicKeyInfo in DER, as base64url. */
  readonly publicText: string;
  /** An Ed25519 signature (RFC 8032), as base64url. */
  sign(text: string): string;
}

/** The key that signs, and older ones that vouch for it at the beginning of a chain. */
export interface SigningKeys {
  readonly current: SigningKey;
  readonly older: readonly SigningKey[];
}

const spki = (publicKey: KeyObject): Buffer => publicKey.export({ type: 'spki', format: 'der' });

/** The name of a public key: the first 32 hex digits of the SHA-256 of its DER. */
export const keyId = (publicKey: KeyObject): string => hash('sha256', spki(publicKey), 'hex').slice(0, 32);

/** From an Ed25519 private key. */
export const signingKey = (privateKey: KeyObject): SigningKey => {
  const publicKey = createPublicKey(privateKey);
  return {
    id: keyId(publicKey),
    publicText: spki(publicKey).toString('base64url'),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url'),
  };
};

/** The Ed25519 public key that a text holds, as PEM (a private key gives its public half) or as base64 of its DER. */
export const readPublicKey = (text: string): KeyObject | undefined => {
  try {
    const key = createPublicKey(
      text.includes('-----BEGIN') ? text : { key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' },
    );
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
};
