import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet, type JWK } from 'jose';
import { createLRU } from 'lru.min';
import { StsError } from '../../core/errors.ts';
import { isObject } from '../../wire/json.ts';
import type { JwtAlgorithm } from './rule.ts';

/** An issuer's public keys, as they were at one time. */
export interface KeySet {
  /** Whether the signature of a token is by one of these keys; throws an StsError where it is not. */
  verify(token: string, digest: string, algorithm: JwtAlgorithm): Promise<void>;
}

/** Asymmetric kinds only. A symmetric key in a published set is no secret; to verify by it would be to verify nothing. */
const kinds = ['RSA', 'EC', 'OKP'];
const mostKeys = 100;
/** Keys without an id are tried in turn, as far as this. */
const mostTries = 8;
/** A token and its digest are some 100 bytes here. */
const mostRemembered = 5_000;

const publicKeyOf = (key: unknown): JWK[] => {
  if (!isObject(key) || typeof key['kty'] !== 'string' || !kinds.includes(key['kty'])) return [];
  // Whoever published the private half has no secret left to sign with.
  if (key['d'] !== undefined) return [];
  // SPIFFE's word for a key that signs its JWTs: https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md
  return [key['use'] === 'jwt-svid' ? { ...key, use: 'sig', kty: key['kty'] } : { ...key, kty: key['kty'] }];
};

/** The public keys of a JSON Web Key Set (RFC 7517, 5); `undefined` where it is none or holds none. */
export const publicKeys = (value: unknown): JSONWebKeySet | undefined => {
  if (!isObject(value) || !Array.isArray(value['keys']) || value['keys'].length > mostKeys) return undefined;
  const keys = value['keys'].flatMap(publicKeyOf);
  return keys.length === 0 ? undefined : { keys };
};

/** The token's own algorithm is not asked, but the one that its issuer is pinned to; `none` and HMAC are not among them. */
export const keySet = (jwks: JSONWebKeySet): KeySet => {
  const resolve = createLocalJWKSet(jwks);
  // In the set itself: when an issuer takes a key back, what was proven by it is forgotten with the set.
  const verified = createLRU<string, JwtAlgorithm>({ max: mostRemembered });

  const verifyByAny = async (token: string, algorithm: JwtAlgorithm): Promise<void> => {
    const options = { algorithms: [algorithm] };
    try {
      await compactVerify(token, resolve, options);
    } catch (thrown) {
      if (!(thrown instanceof errors.JWKSMultipleMatchingKeys)) throw thrown;
      let tries = 0;
      for await (const key of thrown) {
        if (tries++ >= mostTries) break;
        const proven = await compactVerify(token, key, options).then(
          () => true,
          () => false,
        );
        if (proven) return;
      }
      throw new errors.JWSSignatureVerificationFailed();
    }
  };

  return {
    verify: async (token, digest, algorithm) => {
      if (verified.get(digest) === algorithm) return;
      try {
        await verifyByAny(token, algorithm);
      } catch (thrown) {
        throw refusalOf(thrown);
      }
      verified.set(digest, algorithm);
    },
  };
};

/** Why, in our words: a message of the library may quote the token. */
const refusalOf = (thrown: unknown): StsError => {
  if (thrown instanceof errors.JWKSNoMatchingKey) {
    return new StsError('InvalidIdentityToken', undefined, { proofFault: 'SigningKeyUnknown' });
  }
  return new StsError('InvalidIdentityToken', undefined, { proofFault: 'TokenForged' });
};
