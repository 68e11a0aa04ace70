import type { Caller } from './caller.ts';
import type { Secret } from './secret.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** What every request for credentials may say. */
interface Wanted {
  /** The name of the account, if the caller's dialect can name one. */
  readonly account?: string;
  /** As the caller asked, in seconds; absent if it did not ask. */
  readonly durationSeconds?: number;
  /** For how many seconds credentials that were minted earlier must still be valid to be used again. */
  readonly minimumRemainingSeconds?: number;
  /** What the caller's system gives when it does not ask, in seconds. */
  readonly defaultDurationSeconds?: number;
}

interface Narrowed {
  /** The session policy: JSON text in the grammar of the system asked, decoded of every transport layer. */
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly tags?: readonly Tag[];
}

/** What grants of `Observe` name in place of an account. */
export const consoleAccount = 'console';

/** What may be asked for, by the field's own names. A new operation begins here. */
export interface Operations {
  AssumeRole: Wanted &
    Narrowed & {
      readonly operation: 'AssumeRole';
      readonly role: string;
      readonly sessionName: string;
      readonly externalId?: string;
      readonly transitiveTagKeys?: readonly string[];
      readonly sourceIdentity?: string;
      readonly serialNumber?: string;
      readonly tokenCode?: Secret;
    };
  GetFederationToken: Wanted & Narrowed & { readonly operation: 'GetFederationToken'; readonly name: string };
  GetSessionToken: Wanted & {
    readonly operation: 'GetSessionToken';
    readonly serialNumber?: string;
    readonly tokenCode?: Secret;
  };
  AssumeRoleWithWebIdentity: Wanted &
    Narrowed & {
      readonly operation: 'AssumeRoleWithWebIdentity';
      readonly role: string;
      readonly sessionName: string;
      readonly webIdentityToken: Secret;
      /** The name by which the system knows the issuer, if the caller gives one. */
      readonly providerId?: string;
    };
  /** A signed token of our own issuer (RFC 8693; AWS's GetWebIdentityToken). */
  IssueToken: Wanted & {
    readonly operation: 'IssueToken';
    readonly audiences: readonly string[];
    /** Proves who acts for the caller. */
    readonly actorToken?: Secret;
    readonly algorithm?: 'RS256' | 'ES384';
    readonly tags?: readonly Tag[];
  };
  GetCallerIdentity: { readonly operation: 'GetCallerIdentity'; readonly account?: string };
  /** A management login: proof by password in, a token for later requests out (Dell ECS `/login`). */
  Login: { readonly operation: 'Login' };
  /** Reads what is kept fresh under a name. */
  ReadLease: { readonly operation: 'ReadLease'; readonly lease: string; readonly account?: string };
  /** Says how what is kept fresh is doing: of every lease, after the name of one, or of the one that is named. */
  ListLeases: {
    readonly operation: 'ListLeases';
    readonly after?: string;
    readonly lease?: string;
    readonly account?: string;
  };
  /** Ends a login's token (Dell ECS `/logout`). */
  Logout: { readonly operation: 'Logout' };
  /** Looks at what this server does. It names no account of a cloud; grants of it name `console`. */
  Observe: { readonly operation: 'Observe'; readonly account: typeof consoleAccount };
}

export type Operation = keyof Operations;

/** The operations that obtain credentials; the others only answer about the caller. */
export const mintOperations = [
  'AssumeRole',
  'GetFederationToken',
  'GetSessionToken',
  'AssumeRoleWithWebIdentity',
] as const satisfies readonly Operation[];

export type MintOperation = (typeof mintOperations)[number];

export const isMintOperation = (operation: Operation): operation is MintOperation =>
  mintOperations.some((mint) => mint === operation);

/** The operations on leases: a grant says of which. */
export const leaseOperations: ReadonlySet<Operation> = new Set(['ReadLease', 'ListLeases']);

/** How long an operation lets credentials last, in seconds, as the cloud documents it. */
export interface DurationRange {
  readonly min: number;
  readonly default: number;
  readonly max: number;
}

/** What a request may say besides whom and how long. Each of these binds the credentials to less. */
export const narrowings = [
  'policy',
  'policyArns',
  'tags',
  'transitiveTagKeys',
  'externalId',
  'sourceIdentity',
  'serialNumber',
  'tokenCode',
] as const;

export type Narrowing = (typeof narrowings)[number];

/** What was asked for. Nothing has been decided yet. */
export type TokenRequest<Op extends Operation = Operation> = Operations[Op];

declare const granted: unique symbol;

/** What authorization adds to what was asked. */
interface Granted {
  readonly account: string;
  /** The grant that allows it. */
  readonly grant: string;
  readonly caller: Caller;
  /** The texts of the claims that the grant looked at, by name. */
  readonly claimsUsed?: Readonly<Record<string, readonly string[]>>;
  /** The dialect in which it was asked. */
  readonly dialect: string;
  /** The grant's own session policy, if the account takes it in addition to the caller's. */
  readonly grantPolicy?: string;
  /** Decided: within the grant, and within what the cloud can give. */
  readonly durationSeconds: number;
  /** The caller asked for no duration, so that a shorter one is acceptable. */
  readonly durationIsOpen?: true;
  readonly [granted]: true;
}

/** What a cloud is asked, by a caller that was allowed to or by this service for its own identity. */
export type CloudRequest<Op extends MintOperation = MintOperation> = Op extends MintOperation
  ? Omit<Operations[Op], 'account' | 'durationSeconds' | 'defaultDurationSeconds'> & {
      readonly durationSeconds: number;
    }
  : never;

/** What was allowed. Only `authorize` makes one, and `mint` accepts nothing else. */
export type MintRequest<Op extends MintOperation = MintOperation> = Op extends MintOperation
  ? CloudRequest<Op> & Granted
  : never;
