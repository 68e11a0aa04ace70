import type { HttpHeaders } from './http.ts';

/** A gateway before us, as the platform names it. */
export interface Gateway {
  readonly platform: 'aws' | 'tencent';
  /** The id of the API, of the function URL, or of the gateway's service. */
  readonly id: string;
  /** The account that the gateway is in, where the platform says so. */
  readonly account?: string;
}

/** What a gateway's own authorizer found out. */
export interface AuthorizerClaims {
  /** How: from a JWT, from a signature by IAM, by a function of the operator's, or from a key of the gateway's own. */
  readonly kind: 'jwt' | 'iam' | 'lambda' | 'key';
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * What the platform says of a request besides the request itself. None of it can be written into a request by whoever
 * sends it; what it is worth is for the configuration to say.
 */
export interface PlatformIdentity {
  readonly gateway?: Gateway;
  readonly authorizer?: AuthorizerClaims;
  /** The client certificate of the TLS handshake, whose holder has proven to have its key. */
  readonly certificate?: {
    readonly pem: string;
    /** Who shook hands. */
    readonly by: 'tls' | 'gateway';
    /** Whether a chain to a trusted authority was found. */
    readonly trusted: boolean;
  };
}

/** What surrounds a proof: where the request came from, and what others say of it. */
export interface RequestContext {
  readonly headers: HttpHeaders;
  readonly sourceIp?: string;
  readonly platform?: PlatformIdentity;
  /** Told what was offered as proof and not looked at, for the audit record. */
  ignore?(what: string): void;
}
