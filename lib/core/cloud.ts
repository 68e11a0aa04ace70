import type { Proof } from './caller.ts';
import type { AccessKey, Credentials, Identity, Subject } from './credentials.ts';
import type { StsError } from './errors.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import type { MintOperation, MintRequest, TokenRequest } from './requests.ts';
import type { Secret } from './secret.ts';

/** Our long-term identity at one cloud. */
export interface Account {
  readonly name: string;
  readonly cloud: string;
  /** Where the cloud is called: scheme, host, port and, where the cloud has one, a path. Set by the operator only. */
  readonly endpoint: URL;
  readonly region?: string;
  /** Absent where the account is keyless and every role is assumed by web identity. */
  readonly key?: AccessKey;
  /** How requests are signed, where the cloud knows more than one way. */
  readonly signature?: string;
  /** The role by which GetFederationToken is minted on a system that lacks it. */
  readonly federationRole?: string;
  /** Reads the identity token by which a keyless account assumes roles; called anew for each mint. */
  readonly webIdentity?: {
    /** Where the token is read from, as it is written. */
    readonly reference: string;
    readonly providerId?: string;
    token(): Promise<Secret>;
  };
  readonly requestsPerSecond?: number;
  /** The ECS namespace of a management user (`x-emc-namespace`), or the like. */
  readonly namespace?: string;
  readonly projectId?: string;
}

/** The two things about a request that are not in the request. Handed in, so that signing is repeatable. */
export interface Moment {
  readonly now: Date;
  /** A positive integer below 2^53, new for each request. */
  readonly nonce: number;
}

/** Seconds that an operation of a cloud can give, as its documentation has them. */
export interface DurationRange {
  readonly min: number;
  readonly default: number;
  readonly max: number;
}

/** How one operation is put to one cloud. */
export interface Exchange<Op extends MintOperation> {
  readonly seconds: DurationRange;
  /** How many calls a second the cloud takes from one account, where it says so. */
  readonly callsPerSecond?: number;
  /** The moment is for what a system wants dated although it is not signed. */
  encode(request: MintRequest<Op>, account: Account, moment?: Moment): HttpRequest;
}

/** A login that must stand before requests can be made (Dell ECS by X-SDS-AUTH-TOKEN). */
export interface LoginExchange {
  /** Whether this account is used by login rather than by signing. */
  wanted(account: Account): boolean;
  encode(account: Account): HttpRequest;
  /** The token of the reply, or an StsError. */
  normalize(response: HttpResponse): Secret;
  /** Adds the token to a request. */
  apply(request: HttpRequest, token: Secret): HttpRequest;
  /** Whether this reply means that the token no longer counts. */
  stale(response: HttpResponse): boolean;
}

/** How we call a cloud: data and pure functions. It performs no I/O and reads no clock. */
export interface Provider {
  /** An operation that the cloud does not have is not here, so it cannot be called. */
  readonly operations: { readonly [Op in MintOperation]?: Exchange<Op> };
  /** Proves the account's identity over the request. Not called for requests that the cloud takes unsigned. */
  sign(request: HttpRequest, account: Account, key: AccessKey, moment: Moment): HttpRequest;
  /** Credentials, whole, or an StsError whose code is what the cloud meant. */
  normalize(response: HttpResponse, operation: MintOperation): Credentials;
  /** Who the account's key is at the cloud, where the cloud can say. */
  readonly identity?: {
    encode(account: Account): HttpRequest;
    normalize(response: HttpResponse): Identity;
  };
  readonly login?: LoginExchange;
}

/** What a request said, once its dialect has read it. */
export interface Asked<Op extends TokenRequest = TokenRequest> {
  readonly request: Op;
  readonly proof: Proof;
}

/** Environment variables, in the order in which they are best written. */
export type Variables = readonly (readonly [name: string, value: string])[];

/** What was obtained, ready to be said. */
export type Answer =
  | {
      readonly kind: 'credentials';
      readonly credentials: Credentials;
      readonly account: string;
      readonly cloud: string;
      /** The environment variables by which the cloud's own tools would read these credentials. */
      readonly variables: Variables;
    }
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'login'; readonly token: Secret; readonly user: string }
  | { readonly kind: 'logout'; readonly user: string };

/** What a dialect may know of the visit besides the answer. */
export interface DialectContext {
  readonly request: HttpRequest;
  readonly requestId: string;
  readonly now: Date;
  /** Names by which callers know this server. If there are any, only signatures over them are valid. */
  readonly publicHosts?: readonly string[];
}

/** How a caller speaks to us and is answered. Pure: the moment is handed in. */
export interface Dialect {
  readonly id: string;
  /** Whether the request is in this dialect, by its shape alone. Never throws. */
  recognizes(request: HttpRequest): boolean;
  /** What is asked, and what is offered as proof; or an StsError. */
  parse(context: DialectContext): Asked;
  render(answer: Answer, request: TokenRequest, context: DialectContext): HttpResponse;
  renderError(error: StsError, context: DialectContext): HttpResponse;
}

/** What naming needs to know of the authority's side. */
export interface NamedSession {
  readonly accountId: string;
  readonly kind: 'role' | 'federated' | 'user';
  readonly roleName?: string;
  readonly roleId?: string;
  readonly callerId: string;
  readonly callerName: string;
  readonly sessionName: string;
}

/** How a system names identities, and what its keys and policies look like. The authority asks it. */
export interface Naming {
  /** Which grammar its policies are written in. */
  readonly grammar: 'cam' | 'iam' | 'ucloud';
  /** How long an authority that speaks like this system lets a session of each kind be, in seconds. */
  readonly seconds: { readonly [Op in MintOperation]?: DurationRange };
  /** Every text by which callers of this system name a role; the first is the usual one. */
  roles(accountId: string, name: string, id: string): readonly string[];
  /** A number or text of the system's form for something, the same for the same seed. */
  identifier(kind: 'account' | 'role' | 'user', seed: string): string;
  /** Who a long-term key is. */
  user(accountId: string, name: string, id: string): Identity;
  /** Who a temporary triad is, as GetCallerIdentity says it. */
  session(session: NamedSession): Identity;
  /** Who a temporary triad is, as the reply that hands it out says it. */
  subject(session: NamedSession): Subject;
  /** A temporary access key id from 20 random bytes. */
  accessKeyId(random: Uint8Array): string;
}

/** How we call a system, and what its policies and tools look like: all that minting needs to know of it. */
export interface Upstream {
  readonly id: string;
  readonly provider: Provider;
  /** Throws an StsError where a text is no policy of the system's grammar and size. */
  checkPolicy(text: string): void;
  /** The environment variables that this system's own tools read, filled with credentials. */
  variables(credentials: Credentials, account: Account): Variables;
}

/** One system's wire knowledge: how to call it, how to answer like it. */
export interface Cloud extends Upstream {
  readonly dialect: Dialect;
  readonly naming: Naming;
}
