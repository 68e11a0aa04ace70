import type { CalledAccount } from './called-account.ts';
import type { Proof } from './caller.ts';
import type { CloudFacts } from './cloud-facts.ts';
import type { AccessKey, Credentials, Identity } from './credentials.ts';
import type { StsError } from './errors.ts';
import type { HttpRequest, HttpResponse, UnsignedRequest } from './http.ts';
import type { LeaseStatus } from './lease-status.ts';
import type { Naming } from './naming.ts';
import type { Probe } from './probe.ts';
import type { QuickstartContext } from './quickstart.ts';
import type { CloudRequest, DurationRange, MintOperation, TokenRequest } from './requests.ts';
import type { Secret } from './secret.ts';

/** Our identity at one cloud, and how we prove it. */
export interface Account {
  readonly name: string;
  readonly cloud: string;
  /** Where the cloud is called: scheme, host, port and, if the cloud has one, a path. Set by the operator only. */
  readonly endpoint: URL;
  readonly region?: string;
  /** Absent if nothing is stored: then it is the identity of this process, or every role is assumed by web identity. */
  readonly key?: AccessKey;
  /** Requests are signed by the identity that this process has of its platform. */
  readonly runtime?: true;
  /** The role that is assumed first; its credentials sign in place of the account's own. */
  readonly role?: string;
  /** How requests are signed, if the cloud has more than one way; see `CloudFacts.signatures`. */
  readonly signature?: string;
  /** The role by which GetFederationToken is minted, for a system that lacks it: AWS has it, Ceph RGW and MinIO have not. */
  readonly federationRole?: string;
  /** The identity token by which an account without a key assumes roles. */
  readonly webIdentity?: {
    /** Where the token is read from, as it is written; `issuer` is our own issuer. */
    readonly reference: string;
    readonly providerId?: string;
    /** The audience of a token of our own issuer. */
    readonly audience?: string;
    /** Reads the token anew; absent if it is of our own issuer. */
    token?(): Promise<Secret>;
  };
  /** The product that it is at, if that speaks the cloud's protocol in part; see `CloudFacts.profiles`. */
  readonly profile?: string;
  readonly requestsPerSecond?: number;
  /** The ECS namespace of a management user (`x-emc-namespace`), or the like. */
  readonly namespace?: string;
  readonly projectId?: string;
}

/** The time and the nonce of a request. Handed in, so that signing is repeatable. */
export interface Moment {
  readonly now: Date;
  /** A positive integer below 2^53, new for each request. */
  readonly nonce: number;
}

/**
 * How one operation is sent to one cloud.
 *
 * @example
 * const assumeRole: Exchange<'AssumeRole'> = {
 *   seconds: { min: 900, default: 3600, max: 43_200 },
 *   encode: (request, account) => post(account, [
 *     ['Action', 'AssumeRole'],
 *     ['RoleArn', request.role],
 *     ['DurationSeconds', String(request.durationSeconds)],
 *   ]),
 * };
 */
export interface Exchange<Op extends MintOperation> {
  readonly seconds: DurationRange;
  /** How many calls a second the cloud takes from one account, if it publishes that. */
  readonly callsPerSecond?: number;
  /** Writes the request, unsigned. The moment is for clouds that want a date in requests that are not signed. */
  encode(request: CloudRequest<Op>, account: Account, moment?: Moment): UnsignedRequest;
}

/** A login that comes before other requests (Dell ECS by X-SDS-AUTH-TOKEN). */
export interface LoginExchange {
  /** Whether this account logs in rather than signs. */
  wanted(account: Account): boolean;
  encode(account: Account): HttpRequest;
  /** Returns the token of the reply, or throws an StsError. */
  normalize(response: HttpResponse): Secret;
  /** Adds the token to a request. */
  apply(request: HttpRequest, token: Secret): HttpRequest;
  /** Whether this reply means that the token is no longer valid. */
  stale(response: HttpResponse): boolean;
}

/**
 * How we call a cloud: data and pure functions. It performs no I/O and reads no clock.
 *
 * @example
 * const provider: Provider = {
 *   operations: { AssumeRole: assumeRole },
 *   sign: (request, account, key, { now }) => sign(request, key, { now, region: 'us-east-1', service: 'sts' }),
 *   normalize: (response) => credentialsOf(response.body),
 * };
 */
export interface Provider {
  /** The operations that the cloud has. */
  readonly operations: { readonly [Op in MintOperation]?: Exchange<Op> };
  /** Signs the request with the account's key. Not called for requests that the cloud takes unsigned. */
  sign(request: UnsignedRequest, account: Account, key: AccessKey, moment: Moment): HttpRequest;
  /** Returns whole credentials, or throws an StsError whose code says what the cloud meant. */
  normalize(response: HttpResponse, operation: MintOperation): Credentials;
  /** Who the account's key is at the cloud, if the cloud has such an operation. */
  readonly identity?: {
    encode(account: Account): UnsignedRequest;
    normalize(response: HttpResponse): Identity;
  };
  readonly login?: LoginExchange;
  /**
   * Makes the credentials from the account's key alone, without a call: then nothing is encoded, signed or sent. Throws
   * an StsError if the request cannot be put into such credentials exactly.
   */
  readonly issue?: (request: CloudRequest, account: Account, key: AccessKey, now: Date) => Credentials;
}

/** What a request asks for, once its dialect has read it. */
export interface Asked<Op extends TokenRequest = TokenRequest> {
  readonly request: Op;
  readonly proof: Proof;
}

/** Environment variables, in the order in which they are best written. */
export type Variables = readonly (readonly [name: string, value: string])[];

/** The answer to a request, before its dialect writes it. */
export type Answer =
  | {
      readonly kind: 'credentials';
      readonly credentials: Credentials;
      readonly account: string;
      readonly cloud: string;
      /** The environment variables from which the cloud's own tools read these credentials: made when they are asked for, since few formats have them. */
      readonly variables: () => Variables;
    }
  /** A token of our own issuer. */
  | { readonly kind: 'token'; readonly token: Secret; readonly expiration: Date }
  /** How leases are doing; `next` if there are more after the last. */
  | { readonly kind: 'leases'; readonly leases: readonly LeaseStatus[]; readonly next?: string }
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'login'; readonly token: Secret; readonly user: string }
  | { readonly kind: 'logout'; readonly user: string };

/** What a dialect is told of the request besides the answer. */
export interface DialectContext {
  readonly request: HttpRequest;
  readonly requestId: string;
  readonly now: Date;
  /** Names by which callers know this server. If there are any, only signatures over them are valid. */
  readonly publicHosts?: readonly string[];
  /** Whether a signature that leaves the host out is refused, if its scheme can cover it. */
  readonly requireSignedHost?: boolean;
}

/**
 * How requests of one wire format are read, and how they are answered. Pure: the time is handed in.
 *
 * @example
 * const dialect: Dialect = {
 *   id: 'acme',
 *   recognizes: ({ path }) => path === '/acme',
 *   parse: ({ request }) => ({ request: requestOf(request), proof: proofOf(request) }),
 *   render: (answer) => ({ status: 200, headers: json, body: bodyOf(answer) }),
 *   renderError: (error) => ({ status: error.traits.status, headers: json, body: errorBodyOf(error) }),
 * };
 */
export interface Dialect {
  readonly id: string;
  /** Whether the request is in this dialect, by its shape alone. Never throws. */
  recognizes(request: HttpRequest): boolean;
  /** Returns what is asked and what is offered as proof, or throws an StsError. */
  parse(context: DialectContext): Asked;
  render(answer: Answer, request: TokenRequest, context: DialectContext): HttpResponse;
  renderError(error: StsError, context: DialectContext): HttpResponse;
}

/** How long and how often an operation is to be had. */
export type CalledOperation = Pick<Exchange<MintOperation>, 'seconds' | 'callsPerSecond'>;

/** How we call a cloud, and what its policies and tools look like: everything that minting needs to know of it. */
export interface Upstream extends CloudFacts {
  /** Asks the system of an account what it can; the role, if given, is one that the account may assume. */
  readonly probes?: (account: Account, role?: string) => readonly Probe[];
  readonly provider: Provider;
  /** How an account is called: as its profile can be, if it has one. Throws an StsError if there is no such profile. */
  providerOf(account: Account): Provider;
  /** The operation that is called for one that an account is asked for; undefined if the account cannot have it. */
  calledFor(account: CalledAccount, operation: MintOperation): CalledOperation | undefined;
  /** Throws an StsError if a text is not a policy of the cloud's grammar and size. */
  checkPolicy(text: string): void;
  /** The environment variables of this cloud's own tools, filled with credentials. */
  variables(credentials: Credentials, account: Account): Variables;
}

/**
 * What marks a request as one of this dialect, from the most to the least certain: a path of its own, headers of its
 * own, parameters of its own, or only a signature or a version that others could use too. Dialects are tried in this
 * order.
 */
export type RecognizedBy = 'path' | 'header' | 'parameter' | 'shared';

/** A cloud both ways: how to call it, and how to answer like it. */
export interface Cloud extends Upstream {
  readonly dialect: Dialect;
  readonly recognizedBy: RecognizedBy;
  readonly naming: Naming;
  /** Shell lines that assume a role at `$CREDMINT_URL` in this dialect, each ended by a newline. */
  quickstart(context: QuickstartContext): string;
}
