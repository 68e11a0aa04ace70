import { constants, createPublicKey, verify as isSigned, type JsonWebKey, type KeyObject } from 'node:crypto';

// JSON Web Signature in its compact form (RFC 7515), by the digital signatures of RFC 7518 (3.3 to 3.5) and RFC 8037.
// Verified only: nobody here signs one. There is no `none` and no MAC among them, so a public key can never be taken
// for a shared secret.

interface Scheme {
  readonly kty: string;
  readonly crv?: string;
  /** Ed25519 takes none. */
  readonly digest: string | null;
  readonly how?: {
    readonly dsaEncoding?: 'ieee-p1363';
    readonly padding?: number;
    readonly saltLength?: number;
  };
}

const ecdsa = (crv: string, digest: string): Scheme => ({ kty: 'EC', crv, digest, how: { dsaEncoding: 'ieee-p1363' } });
const rsa = (digest: string): Scheme => ({ kty: 'RSA', digest });
const rsaPss = (digest: string): Scheme => ({
  kty: 'RSA',
  digest,
  how: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
});

const schemes = {
  ES256: ecdsa('P-256', 'sha256'),
  ES384: ecdsa('P-384', 'sha384'),
  ES512: ecdsa('P-521', 'sha512'),
  EdDSA: { kty: 'OKP', crv: 'Ed25519', digest: null },
  PS256: rsaPss('sha256'),
  PS384: rsaPss('sha384'),
  PS512: rsaPss('sha512'),
  RS256: rsa('sha256'),
  RS384: rsa('sha384'),
  RS512: rsa('sha512'),
} satisfies Record<string, Scheme>;

export type JwsAlgorithm = keyof typeof schemes;

/** A key as an issuer publishes it (RFC 7517, 4). */
export type PublishedKey = JsonWebKey & Readonly<Record<string, unknown>>;

const fewestRsaBits = 2048;

/** Whether a published key is one for this algorithm and, where the header names a key, the one that it names. */
export const isFor = (key: PublishedKey, algorithm: JwsAlgorithm, kid: unknown): boolean => {
  const { kty, crv }: Scheme = schemes[algorithm];
  const { alg, use, key_ops: operations } = key;
  return (
    key.kty === kty &&
    (crv === undefined || key.crv === crv) &&
    (kid === undefined || (typeof kid === 'string' && key['kid'] === kid)) &&
    (alg === undefined || alg === algorithm) &&
    (use === undefined || use === 'sig') &&
    (operations === undefined || (Array.isArray(operations) && operations.length === 1 && operations[0] === 'verify'))
  );
};

/** The key itself; `undefined` where it is none, or an RSA key too short to be trusted (RFC 7518, 3.3 and 3.5). */
export const openKey = (key: PublishedKey): KeyObject | undefined => {
  try {
    const opened = createPublicKey({ key, format: 'jwk' });
    return (opened.asymmetricKeyDetails?.modulusLength ?? fewestRsaBits) < fewestRsaBits ? undefined : opened;
  } catch {
    return undefined;
  }
};

/** Whether the last part of a JWS is the key's signature of what stands before it (RFC 7515, 5.2). */
export const verify = (jws: string, algorithm: JwsAlgorithm, key: KeyObject): boolean => {
  const { digest, how }: Scheme = schemes[algorithm];
  const end = jws.lastIndexOf('.');
  const signature = Buffer.from(jws.slice(end + 1), 'base64url');
  return isSigned(digest, Buffer.from(jws.slice(0, Math.max(0, end)), 'utf8'), { key, ...how }, signature);
};
