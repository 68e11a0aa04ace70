import type { Secret } from '../core/secret.ts';

/** A key of the issuer: a private key as PEM, or one that stays in AWS KMS. */
export type IssuerKey =
  | { readonly kind: 'pem'; readonly pem: Secret }
  | { readonly kind: 'kms'; readonly keyId: string; readonly region: string; readonly endpoint?: URL };

/** Our own OIDC issuer, as it is configured. */
export interface IssuerSettings {
  /** Exactly the `iss` of its tokens; the documents are below it. */
  readonly url: string;
  /** The first signs; all are published. */
  readonly keys: readonly [IssuerKey, ...IssuerKey[]];
}
