import { isObject, readJson } from '../../lib/wire/json.ts';

const pemLabel = /-----BEGIN ([A-Z0-9 ]+)-----/g;
const publicLabels = new Set(['CERTIFICATE', 'PUBLIC KEY', 'RSA PUBLIC KEY', 'X509 CRL']);

/** The members of a JWK that are private (RFC 7518, 6.2.2, 6.3.2, 6.4.1). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const isPublicJwk = (value: unknown): boolean =>
  isObject(value) && typeof value['kty'] === 'string' && !privateMembers.some((name) => Object.hasOwn(value, name));

/**
 * Whether anyone may read a text: certificates and public keys in PEM, and public JWKs. Anything else may be a secret.
 *
 * @example
 * isPublic('{"kty":"EC","crv":"P-256","x":"…","y":"…"}'); // true
 */
export const isPublic = (text: string): boolean => {
  const labels = [...text.matchAll(pemLabel)].map(([, label = '']) => label);
  if (labels.length > 0) return labels.every((label) => publicLabels.has(label));
  const json = readJson(text);
  if (!isObject(json)) return false;
  const { keys } = json;
  return Array.isArray(keys) ? keys.length > 0 && keys.every(isPublicJwk) : isPublicJwk(json);
};
