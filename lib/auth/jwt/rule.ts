import type { JSONWebKeySet } from 'jose';
import type { ClaimRule } from '../../grants/claims.ts';

/**
 * The algorithms that an issuer can be pinned to (RFC 7518; RFC 8037; RFC 9864). All of them are asymmetric: whoever can
 * verify a token cannot make one, so a public key can never be taken for a shared secret.
 */
export const jwtAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
] as const;

export type JwtAlgorithm = (typeof jwtAlgorithms)[number];

/** One algorithm by its two names: RFC 9864 names the curve, which RFC 8037 left to the key. */
export const edDsaNames = ['Ed25519', 'EdDSA'];

export const isEdDsa = (alg: unknown): boolean => (edDsaNames as readonly unknown[]).includes(alg);

/** The most that clocks may be apart, whatever the configuration says. */
export const maxSkewSeconds = 300;

/** Where an issuer's public keys are. */
export type KeyLocation =
  | { readonly kind: 'here'; readonly jwks: JSONWebKeySet }
  | { readonly kind: 'at'; readonly url: string; readonly privateAddresses: readonly string[] }
  /** Where the issuer's discovery document says (OpenID Connect Discovery 1.0, 4). */
  | {
      readonly kind: 'discovered';
      readonly issuer: string;
      /** Hosts, besides the issuer's own, at which the document may say that they are. */
      readonly hosts: readonly string[];
      readonly privateAddresses: readonly string[];
    };

/** An issuer that a caller's tokens may come from, and what they must be like. */
export interface JwtRule {
  readonly caller: string;
  readonly issuer: string;
  /** One of these must be the token's `aud`, or in it, exactly. */
  readonly audiences: readonly string[];
  readonly keys: KeyLocation;
  readonly algorithms: readonly JwtAlgorithm[];
  /** Every one of these must be met. */
  readonly claims: readonly ClaimRule[];
  /** With `audit`, a token that fails only on these claims proves the caller, and the failure is recorded. */
  readonly mode: 'enforce' | 'audit';
  /** The issuer is our own. */
  readonly own?: true;
  /** Whether a token proves its caller once only. */
  readonly once: boolean;
  /** How far the issuer's clock may be from ours. */
  readonly skewSeconds: number;
  /** How long ago a token may have been issued, whatever it says itself. */
  readonly maxTokenAgeSeconds?: number;
}
