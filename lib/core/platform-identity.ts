import type { HttpHeaders } from './http.ts';

/** A gateway in front of us, as the platform names it. */
export interface Gateway {
  readonly platform: 'aws' | 'tencent';
  /** The id of the API, of the function URL, or of the gateway's service. */
  readonly id: string;
  /** The account that the gateway is in, if the platform says so. */
  readonly account?: string;
}

/** What a gateway's own authorizer found out. */
export interface AuthorizerClaims {
  /** How: from a JWT, from a signature by IAM, by a function of the operator's, or from a key of the gateway's own. */
  readonly kind: 'jwt' | 'iam' | 'lambda' | 'key';
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * What the platform says of a request besides the request itself. The sender of a request cannot write any of it; the
 * configuration says what it is worth.
 */
export interface PlatformIdentity {
  readonly gateway?: Gateway;
  readonly authorizer?: AuthorizerClaims;
  /** The client certificate of the TLS handshake: the sender has proven that it has the key. */
  readonly certificate?: {
    readonly pem: string;
    /** Who terminated TLS. */
    readonly by: 'tls' | 'gateway';
    /** Whether a chain to a trusted authority was found. */
    readonly trusted: boolean;
  };
}

/** The context of a proof: where the request came from, and what the platform says of it. */
export interface RequestContext {
  readonly headers: HttpHeaders;
  readonly sourceIp?: string;
  readonly platform?: PlatformIdentity;
  /** Called with what was offered as proof and not looked at, for the audit record. */
  ignore(what: string): void;
}
