import { StsError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { TokenSigningKey } from './signing-key.ts';

/** What a token of ours says (RFC 7519, 4.1). */
export interface TokenClaims {
  readonly sub: string;
  /** One or more, exactly as the receiver expects them. */
  readonly aud: string | readonly string[];
  /** Further claims; none of them may be a registered one. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface TokenSettings {
  readonly issuer: string;
  readonly key: TokenSigningKey;
  readonly now: Date;
  readonly lifetimeSeconds: number;
  /** A text that no other token has. */
  readonly id: string;
}

const registered: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);

/** Whether a claim is one that the issuer alone says. */
export const isRegisteredClaim = (name: string): boolean => registered.has(name);

const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A signed JWT (RFC 7519) of our issuer, valid from now for its lifetime. Rejects with an StsError if the claims say
 * what only the issuer may say, or if the key cannot be used.
 */
export const signToken = async (claims: TokenClaims, settings: TokenSettings, signal: AbortSignal): Promise<Secret> => {
  const { issuer, key, now, lifetimeSeconds, id } = settings;
  const taken = Object.keys(claims.more ?? {}).find(isRegisteredClaim);
  if (taken !== undefined) throw new StsError('Misconfigured', `A token's claim ${taken} is the issuer's to say.`);
  const issuedAt = Math.floor(now.getTime() / 1000);
  const header = { alg: key.algorithm, typ: 'JWT', kid: key.kid };
  const payload = {
    iss: issuer,
    sub: claims.sub,
    aud: claims.aud,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    jti: id,
    ...claims.more,
  };
  const text = `${segment(header)}.${segment(payload)}`;
  return new Secret(`${text}.${Buffer.from(await key.sign(text, signal)).toString('base64url')}`);
};
