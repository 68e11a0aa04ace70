import { hash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../core/secret.ts';
import { HmacKey } from './hmac.ts';

/** SHA-256 of a text in UTF-8, as 64 lower-case hex digits. */
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/** HMAC of a text in UTF-8, as lower-case hex digits. */
export const hmacHex = (key: HmacKey, text: string): string => key.digest(text, 'hex');

/** HMAC of a text in UTF-8, in base64url without padding (RFC 7515). */
export const hmacBase64Url = (key: HmacKey, text: string): string => key.digest(text, 'base64url');

/** HMAC of a text in UTF-8, in base64 with padding. */
export const hmacBase64 = (key: HmacKey, text: string): string => key.digest(text, 'base64');

/** HMAC of a text in UTF-8, as the key of the next one in a chain. */
export const nextKey = (key: HmacKey, text: string): HmacKey =>
  new HmacKey('sha256', Buffer.from(key.digest(text, 'binary'), 'latin1'));

/** The key that a text is, in UTF-8. */
export const keyOf = (text: string, algorithm: 'sha1' | 'sha256' = 'sha256'): HmacKey =>
  new HmacKey(algorithm, Buffer.from(text, 'utf8'));

/** Compares two signatures in a time that depends on their length only. */
export const sameSignature = (one: string, other: string): boolean => {
  const left = Buffer.from(one, 'utf8');
  const right = Buffer.from(other, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
};

/** A key, and what it was derived for: the name of the scheme, then the parts of its scope. */
interface Derived {
  readonly scope: readonly string[];
  readonly key: HmacKey;
}

const mostScopes = 16;
const derivedKeys = new WeakMap<Secret, readonly Derived[]>();

const sameScope = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((part, index) => part === other[index]);

/**
 * The key derived from a secret for a scope, made once. The cache knows a secret by identity, not by its text, lets go
 * of it with its owner, and holds 16 scopes of each: a caller with many scopes displaces only its own. The
 * parts are compared as they stand: to join and hash them would take longer than to look through so few.
 */
export const derivedKey = (secret: Secret, scope: readonly string[], derive: (secret: Secret) => HmacKey): HmacKey => {
  const known = derivedKeys.get(secret) ?? [];
  for (const derived of known) if (sameScope(derived.scope, scope)) return derived.key;
  const key = derive(secret);
  derivedKeys.set(secret, [{ scope, key }, ...known.slice(0, mostScopes - 1)]);
  return key;
};
