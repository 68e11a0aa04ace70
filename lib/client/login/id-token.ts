import { member, readJson } from '../../wire/json.ts';
import { ClientError } from '../errors.ts';

/** The claims of a JWT, not verified; undefined if the text is none. */
const claimsOf = (token: string): unknown => {
  const [, payload, ...rest] = token.split('.');
  return rest.length === 1 && payload !== undefined
    ? readJson(Buffer.from(payload, 'base64url').toString('utf8'))
    : undefined;
};

/** When a JWT ends, in milliseconds since 1970; undefined if it does not say. */
export const expirationMs = (token: string): number | undefined => {
  const end = member(claimsOf(token), 'exp');
  return typeof end === 'number' ? end * 1000 : undefined;
};

/**
 * Throws a ClientError unless the token is of this issuer, for this client, and of this login. It came from the
 * issuer's own token endpoint, so TLS stands for its signature (OpenID Connect Core 1.0, 3.1.3.7, 6); whoever it is
 * shown to verifies that.
 */
export const checkIdToken = (
  token: string,
  { issuer, clientId, nonce }: { readonly issuer: string; readonly clientId: string; readonly nonce?: string },
): void => {
  const claims = claimsOf(token);
  const audiences = [member(claims, 'aud')].flat();
  const isOurs =
    member(claims, 'iss') === issuer &&
    audiences.includes(clientId) &&
    (nonce === undefined || member(claims, 'nonce') === nonce);
  if (!isOurs) throw new ClientError('refused', 'LoginRefused', 'The ID token is not of this login.');
};
