import type { BlockList } from 'node:net';
import type { AuthorizerClaims, Gateway } from '../../core/platform-identity.ts';
import type { ClaimRule } from '../../grants/claims.ts';
import type { Pattern } from '../../grants/pattern.ts';
import type { CertificateFormat } from '../certificate/forwarded.ts';

/** A gateway that is trusted to say who its callers are. */
export type TrustedGateway = Gateway;

/** Certificates that a caller may be proven by. */
export interface CertificateRule {
  readonly caller: string;
  /** Who must have shaken hands with their holder: we, a proxy that is trusted, or one gateway. */
  readonly from: 'tls' | 'proxy' | TrustedGateway;
  readonly spiffe?: readonly Pattern[];
  /** Host names, in lower case; the certificate must have one of them. */
  readonly dns?: readonly string[];
  /** Distinguished names. */
  readonly issuer?: string;
  readonly subjects?: readonly string[];
}

/** What a gateway's authorizer must say for a caller to be proven by it. */
export interface AuthorizerRule {
  readonly caller: string;
  readonly gateway: TrustedGateway;
  readonly kind: AuthorizerClaims['kind'];
  readonly claims: readonly ClaimRule[];
}

/** Proxies that stand before a server, and the header in which they forward what they saw of a caller. */
export interface TrustedProxies {
  readonly addresses: BlockList;
  readonly header: string;
  readonly format: CertificateFormat;
}

/** Whom the configuration trusts to vouch, and for whom. */
export interface PlatformRules {
  readonly certificates: readonly CertificateRule[];
  readonly authorizers: readonly AuthorizerRule[];
  readonly proxies?: TrustedProxies;
}
