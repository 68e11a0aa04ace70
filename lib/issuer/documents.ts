import { selfSignedCertificate } from './certificate.ts';
import type { Issuer } from './issuer.ts';
import type { TokenSigningKey } from './signing-key.ts';

/** A published key: a public JWK of RFC 7517, and nothing of its private half. */
export interface PublishedKey {
  readonly kty: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
  readonly x5c: readonly [string];
  readonly [member: string]: unknown;
}

/** The JWK Set of an issuer's keys, those that only verify too (RFC 7517, 5). */
export const keySetOf = async (
  keys: readonly TokenSigningKey[],
  signal: AbortSignal,
): Promise<{ readonly keys: readonly PublishedKey[] }> => ({
  keys: await Promise.all(
    keys.map(async (key): Promise<PublishedKey> => {
      const { kty = '', n, e, crv, x, y } = key.publicKey.export({ format: 'jwk' });
      const numbers = kty === 'RSA' ? { n, e } : { crv, x, y };
      const x5c = [await selfSignedCertificate(key, signal)] as const;
      return { kty, kid: key.kid, alg: key.algorithm, use: 'sig', ...numbers, x5c };
    }),
  ),
});

/** Where the documents stand, below the issuer's URL. */
export const documentPaths = {
  openid: '/.well-known/openid-configuration',
  oauth: '/.well-known/oauth-authorization-server',
  keys: '/.well-known/jwks.json',
  resource: '/.well-known/oauth-protected-resource',
  token: '/token',
} as const;

/** The grant type of a token exchange (RFC 8693, 2.1). */
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';

/**
 * What OpenID Connect Discovery 1.0, 3 and RFC 8414, 2 ask of an issuer that gives tokens by exchange alone: the same
 * document serves both.
 */
export const discoveryOf = (issuer: string, algorithms: readonly string[]) => ({
  issuer,
  jwks_uri: `${issuer}${documentPaths.keys}`,
  token_endpoint: `${issuer}${documentPaths.token}`,
  // Discovery demands the member; no token is given in a browser.
  authorization_endpoint: `${issuer}/authorize`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: [...algorithms],
  grant_types_supported: [tokenExchange],
  token_endpoint_auth_methods_supported: ['none'],
  claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'act'],
});

/** What RFC 9728, 2 asks of an API that takes the issuer's tokens, so that an agent finds where they are given. */
const resourceOf = (issuer: string) => ({
  resource: issuer,
  authorization_servers: [issuer],
  bearer_methods_supported: ['header'],
  resource_name: 'credmint',
});

/** The public documents of an issuer, as JSON texts by their paths. Hold nothing that is secret. */
export const documentsOf = async (issuer: Issuer, signal: AbortSignal): Promise<Readonly<Record<string, string>>> => {
  const keys = await issuer.keys(signal);
  const discovery = JSON.stringify(discoveryOf(issuer.url, [...new Set(keys.map(({ algorithm }) => algorithm))]));
  return {
    [documentPaths.openid]: discovery,
    [documentPaths.oauth]: discovery,
    [documentPaths.keys]: JSON.stringify(await keySetOf(keys, signal)),
    [documentPaths.resource]: JSON.stringify(resourceOf(issuer.url)),
  };
};
