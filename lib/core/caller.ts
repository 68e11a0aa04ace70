import type { DenialTrace } from './denial.ts';
import type { Secret } from './secret.ts';

/** The session that a temporary triad of the authority belongs to; it travels sealed in the session token. */
export interface Session {
  readonly kind: 'role' | 'federated' | 'user';
  /** The triad's own access key id. */
  readonly accessKeyId: string;
  /** The caller whose long-term proof began the chain. */
  readonly caller: string;
  /** Which subject of that caller, as a digest. */
  readonly subject?: string;
  /** The system in whose words it was issued. */
  readonly dialect: string;
  /** The role's name; only of kind `role`. */
  readonly role?: string;
  /** The session's name, or the federated user's. */
  readonly name: string;
  /** Every session policy that narrows it, outermost first, as JSON text. */
  readonly policies: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
  readonly issuedAt: Date;
  readonly expiration: Date;
}

/**
 * Callers that no configuration defines: `session` is the holder of a triad of the authority, `leases` this service when
 * it keeps a lease fresh, `lease-reader` whoever shows the token of a lease.
 */
export const reservedCallers = ['session', 'leases', 'lease-reader'] as const;

/** Whom a proof names for certain: the same issuer and name are the same subject, whatever else is claimed. */
export interface ProvenSubject {
  readonly issuer: string;
  readonly name: string;
}

/** Who is asking, once proven. */
export interface Caller {
  /** The caller's name in the configuration, or one of `reservedCallers`. */
  readonly name: string;
  readonly proof:
    | 'accessKey'
    | 'session'
    | 'jwt'
    | 'login'
    | 'certificate'
    | 'gateway'
    | 'lease'
    | 'readToken'
    | 'event';
  readonly accessKeyId?: string;
  /** What is proven of the caller: the claims of its identity token, the names of its certificate, and the like. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Absent if the proof names no subject of its own, as a key does not, nor an authorizer that may say anything. */
  readonly subject?: ProvenSubject;
  readonly session?: Session;
  /** Makes a proof that may be used once usable again, after a failure that may pass. Absent if it may be used often. */
  readonly giveBackProof?: () => Promise<void>;
  /** Proven by a token of our own issuer, which only grants that say so allow anything. */
  readonly byOwnIssuer?: true;
  /** What would have refused the caller if its own rule were not in `audit` mode. */
  readonly auditOnlyViolations?: DenialTrace;
}

/** A signature over the request. The dialect has read it; nothing about it has been checked. */
export interface SignatureProof {
  readonly kind: 'signature';
  /** The scheme's name, for the audit record: `sigv4`, `tc3`, … */
  readonly scheme: string;
  readonly accessKeyId: string;
  readonly sessionToken?: Secret;
  /** Between which instants the signature is valid by its scheme; absent if the scheme has no clock. */
  readonly valid?: { readonly from: Date; readonly until: Date };
  /**
   * The signature itself, if the scheme has the client see to it that no two requests have the same: then one that comes
   * again is a replay. Absent otherwise. A client's nonce would not do: some draw it from 16 bits, for many requests of
   * one second.
   */
  readonly uniqueSignature?: string;
  /** Whether this secret made the signature, compared in constant time. */
  verify(secret: Secret): boolean;
}

/** What a request offers as proof of who sent it. */
export type Proof =
  | SignatureProof
  /** A JWT in the Authorization header, or the identity token of AssumeRoleWithWebIdentity. */
  | { readonly kind: 'jwt'; readonly token: Secret }
  /** An access key's two halves, as they are (RFC 7617). */
  | { readonly kind: 'password'; readonly accessKeyId: string; readonly secret: Secret }
  /** The token that an earlier login gave. */
  | { readonly kind: 'login'; readonly token: Secret }
  /** The token that the configuration gives to the readers of one lease. */
  | { readonly kind: 'readToken'; readonly lease: string; readonly token: Secret }
  | { readonly kind: 'none' };
