import type { KeyObject } from 'node:crypto';
import { createLRU } from 'lru.min';
import { isFor, openKey, type PublishedKey, verify } from '../../signers/jws.ts';
import { StsError } from '../../sts/errors.ts';
import { isObject } from '../../wire/json.ts';
import type { JwtAlgorithm, PublishedKeys } from './jwt-rule.ts';
import { readJwt } from './jwt-text.ts';

/** An issuer's public keys, as they were at one time. */
export interface KeySet {
  /** Whether the signature of a token is by one of these keys; throws an StsError where it is not. */
  verify(token: string, digest: string, algorithm: JwtAlgorithm): Promise<void>;
}

/** Asymmetric kinds only. A symmetric key in a published set is no secret; to verify by it would be to verify nothing. */
const kinds = ['RSA', 'EC', 'OKP'];
const mostKeys = 100;
/** Where several keys may have signed, as without ids, they are tried in turn, as far as this. */
const mostTries = 8;
/** A token and its digest are some 100 bytes here. */
const mostRemembered = 5_000;

const publicKeyOf = (key: unknown): PublishedKey[] => {
  if (!isObject(key) || typeof key['kty'] !== 'string' || !kinds.includes(key['kty'])) return [];
  // Whoever published the private half has no secret left to sign with.
  if (key['d'] !== undefined) return [];
  // SPIFFE's word for a key that signs its JWTs: https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md
  return [key['use'] === 'jwt-svid' ? { ...key, use: 'sig' } : key];
};

/** The public keys of a JSON Web Key Set (RFC 7517, 5); `undefined` where it is none or holds none. */
export const publicKeys = (value: unknown): PublishedKeys | undefined => {
  if (!isObject(value) || !Array.isArray(value['keys']) || value['keys'].length > mostKeys) return undefined;
  const keys = value['keys'].flatMap(publicKeyOf);
  return keys.length === 0 ? undefined : { keys };
};

/** The token's own algorithm is not asked, but the one that its issuer is pinned to; `none` and HMAC are not among them. */
export const keySet = ({ keys }: PublishedKeys): KeySet => {
  // In the set itself: when an issuer takes a key back, what was proven by it is forgotten with the set.
  const verified = createLRU<string, JwtAlgorithm>({ max: mostRemembered });
  const opened = new Map<PublishedKey, KeyObject | undefined>();

  const keyOf = (published: PublishedKey): KeyObject | undefined => {
    if (!opened.has(published)) opened.set(published, openKey(published));
    return opened.get(published);
  };

  return {
    verify: async (token, digest, algorithm) => {
      if (verified.get(digest) === algorithm) return;
      const kid = readJwt(token)?.header['kid'];
      const candidates = keys.filter((key) => isFor(key, algorithm, kid)).slice(0, mostTries);
      if (candidates.length === 0) {
        throw new StsError('InvalidIdentityToken', undefined, { proofFault: 'SigningKeyUnknown' });
      }
      const proven = candidates.some((candidate) => {
        const key = keyOf(candidate);
        return key !== undefined && verify(token, algorithm, key);
      });
      if (!proven) throw new StsError('InvalidIdentityToken', undefined, { proofFault: 'TokenForged' });
      verified.set(digest, algorithm);
    },
  };
};
