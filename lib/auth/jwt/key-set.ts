import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet, type JWK } from 'jose';
import { createLRU } from 'lru.min';
import { StsError } from '../../core/errors.ts';
import { isObject } from '../../wire/json.ts';
import { edDsaNames, isEdDsa, type JwtAlgorithm } from './rule.ts';

/** An issuer's public keys, as they were at one time. */
export interface KeySet {
  /** Verifies that the signature of a token is by one of these keys; rejects with an StsError if not. */
  verify(token: string, digest: string, algorithm: JwtAlgorithm): Promise<void>;
}

/** Asymmetric kinds only. A symmetric key in a published set is not a secret, so it verifies nothing. */
const kinds: readonly unknown[] = ['RSA', 'EC', 'OKP'];
const maxKeys = 100;
/** Of keys without an id, so many are tried in turn. */
const maxTries = 8;
/** A remembered token takes about 100 bytes. */
const maxRemembered = 5_000;

const publicKeyOf = (key: unknown): JWK[] => {
  if (!isObject(key) || !kinds.includes(key['kty'])) return [];
  // A private half that was published proves nothing any more.
  if (key['d'] !== undefined) return [];
  // Such a key signs for encryption, which no token is (RFC 7517, 4.2).
  if (key['use'] === 'enc') return [];
  const { alg, kty, ...rest } = key;
  // A key may name its algorithm by one of its names, and its tokens by the other; the curve says which it is.
  const named = { ...rest, kty, ...(isEdDsa(alg) ? {} : { alg }) } as JWK;
  // SPIFFE's `use` of a key that signs its JWTs: https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md
  return [key['use'] === 'jwt-svid' ? { ...named, use: 'sig' } : named];
};

/** The public keys of a JSON Web Key Set (RFC 7517, 5); undefined if it is not one or has none. */
export const publicKeys = (value: unknown): JSONWebKeySet | undefined => {
  if (!isObject(value) || !Array.isArray(value['keys'])) return undefined;
  // What is of another kind is left out first: an issuer may publish its keys for encryption in the same set.
  const keys = value['keys'].flatMap(publicKeyOf);
  return keys.length === 0 || keys.length > maxKeys ? undefined : { keys };
};

/** Verifies by the algorithm that the issuer is pinned to, whatever the token names; `none` and HMAC are never pinned. */
export const keySet = (jwks: JSONWebKeySet): KeySet => {
  const resolve = createLocalJWKSet(jwks);
  // Kept with the set, so that when an issuer revokes a key, the tokens it verified are forgotten with it.
  const verified = createLRU<string, JwtAlgorithm>({ max: maxRemembered });

  const verifyByAny = async (token: string, algorithm: JwtAlgorithm): Promise<void> => {
    const options = { algorithms: isEdDsa(algorithm) ? edDsaNames : [algorithm] };
    try {
      await compactVerify(token, resolve, options);
    } catch (thrown) {
      if (!(thrown instanceof errors.JWKSMultipleMatchingKeys)) throw thrown;
      let tries = 0;
      for await (const key of thrown) {
        if (tries++ >= maxTries) break;
        const proven = await compactVerify(token, key, options).catch(() => undefined);
        if (proven !== undefined) return;
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

/** The reason in our own words: a message of the library may quote the token. */
const refusalOf = (thrown: unknown): StsError => {
  if (thrown instanceof errors.JWKSNoMatchingKey) {
    return new StsError('InvalidIdentityToken', undefined, { proofFault: 'SigningKeyUnknown' });
  }
  return new StsError('InvalidIdentityToken', undefined, { proofFault: 'TokenForged' });
};
