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
  /** Who must have done the TLS handshake with the holder: this server, a trusted proxy, or one gateway. */
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

/** Proxies in front of a server, and the header in which they forward the client certificate they verified. */
export interface TrustedProxies {
  readonly addresses: BlockList;
  readonly header: string;
  readonly format: CertificateFormat;
}

/** Which platforms and proxies the configuration trusts to say who a caller is. */
export interface PlatformRules {
  readonly certificates: readonly CertificateRule[];
  readonly authorizers: readonly AuthorizerRule[];
  readonly proxies?: TrustedProxies;
}
