import type { LeaseStatus } from '../core/lease-status.ts';

/**
 * All that the page can be told. These types are closed, and none has a field that could hold a secret, a body, a header
 * or a token: what is not named here does not reach a browser. Instants are ISO 8601 texts.
 */

/** How a request for credentials, a token or a lease ended; `failed` is what the cloud or this server did. */
export type Ending = 'minted' | 'kept' | 'refused' | 'failed';

export const endings: readonly Ending[] = ['kept', 'minted', 'refused', 'failed'];

export type EndingCounts = Readonly<Record<Ending, number>>;

/** One minute of the last hour. */
export interface MinuteView {
  readonly at: string;
  /** By account; a request that was refused before its account was known is under the empty name. */
  readonly accounts: Readonly<Record<string, EndingCounts>>;
  /** How long answers took, in milliseconds: half of them at most so long, 95 and 99 of 100. Absent if there were none. */
  readonly latencyMs?: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/** One account, and what it asks of its cloud. */
export interface AccountNow {
  readonly name: string;
  readonly cloud: string;
  /** Calls a second, over the last few seconds, and the most of the last minute; absent of what is asked in process. */
  readonly callsPerSecond?: number;
  readonly peakPerSecond?: number;
  /** Calls a second that the cloud takes of its scarcest operation; absent if none is known. */
  readonly ceilingPerSecond?: number;
  /** Whether the cloud is left alone because it failed; absent if it was not asked yet. */
  readonly circuitIsOpen?: boolean;
}

/** What is going on now. */
export interface NowView {
  readonly at: string;
  readonly startedAt: string;
  /** Oldest first; the last one is not over. */
  readonly minutes: readonly MinuteView[];
  readonly accounts: readonly AccountNow[];
  readonly store: { readonly kind: string; readonly isUp: boolean };
  readonly audit: {
    /** The kind of sink. */
    readonly sink: string;
    readonly isChained: boolean;
    readonly takesRecords: boolean;
    readonly waiting: number;
    readonly stalledMs: number;
  };
  readonly requests: { readonly inFlight: number; readonly turnedAway: number };
  readonly cache: {
    readonly entries: number;
    readonly hits: number;
    readonly misses: number;
    readonly refreshes: number;
  };
}

/** A lease, and how it is doing. */
export interface LeaseView {
  readonly name: string;
  readonly account: string;
  /** What it is for: the role, or the name of the federated user. */
  readonly subject: string;
  /** `awaited`: no run of this process has looked at it yet. */
  readonly state: LeaseStatus['state'] | 'awaited';
  readonly mintedAt?: string;
  readonly expiresAt?: string;
  readonly refreshAt?: string;
  /** Refreshes and deliveries that failed in a row. */
  readonly failures: number;
  readonly deliveryFailures: number;
  readonly targets: number;
}

/** One line of the decisions. */
export interface DecisionLine {
  readonly requestId: string;
  readonly at: string;
  readonly caller?: string;
  /** Whom the proof names. */
  readonly subject?: string;
  readonly operation?: string;
  readonly account?: string;
  /** The role, the lease or the audiences that were asked for. */
  readonly target?: string;
  readonly grant?: string;
  /** Absent of what obtains nothing, such as GetCallerIdentity. */
  readonly ending?: Ending;
  /** `Done`, or the code of the refusal. */
  readonly outcome: string;
  readonly milliseconds?: number;
  /** Why it was refused, or what a grant in `audit` mode would have refused: sentences. */
  readonly why: readonly string[];
}

/** One decision, whole: names and their values, as the audit record has them. */
export interface DecisionView extends DecisionLine {
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** Where a record stands in the audit log, and whether the log is whole. */
export type LogView =
  | {
      readonly kind: 'found';
      readonly chain: string;
      readonly sequence: number;
      /** Whether everything that was read is whole. */
      readonly isWhole: boolean;
      /** Whether a signed checkpoint behind the record proves it. */
      readonly isProven: boolean;
      readonly lines: number;
      /** What is wrong first, if anything is. */
      readonly fault?: string;
    }
  /** Why it cannot be said here. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Who can get what. */
export interface AccessView {
  readonly callers: readonly { readonly name: string; readonly proof: string }[];
  readonly accounts: readonly { readonly name: string; readonly cloud: string }[];
  readonly grants: readonly GrantView[];
}

export interface GrantView {
  readonly name: string;
  readonly callers: readonly string[];
  readonly account: string;
  readonly operations: readonly string[];
  /** Roles, leases and audiences, as they are written. */
  readonly targets: readonly string[];
  /** All of it in a sentence. */
  readonly sentence: string;
  readonly isAuditOnly: boolean;
}

/** The operations that can be asked about. */
export const whatIfOperations = ['AssumeRole', 'GetFederationToken', 'GetSessionToken'] as const;

/** What is asked of "what would happen if". */
export interface WhatIf {
  /** A caller as its key would prove it; or else claims of a token, as JSON. */
  readonly caller: string;
  readonly claims: string;
  readonly account: string;
  readonly operation: string;
  readonly role: string;
}

export interface WhatIfView {
  readonly asked: WhatIf;
  readonly isAllowed: boolean;
  /** Sentences, the decision first. */
  readonly lines: readonly string[];
  /** Who else can have it. */
  readonly others: readonly HolderView[];
  /** Why the others are not known. */
  readonly othersUnknown?: string;
}

/** One way in which somebody else can have it, by the shortest request. */
export interface HolderView {
  readonly caller: string;
  readonly grant: string;
  readonly operation: string;
  /** What is shown. Absent if a bound was hit before a request was found. */
  readonly proof?: string;
  /** The claims that matter, as JSON. */
  readonly claims?: string;
  readonly role?: string;
  /** From where and when, if not from anywhere at any time. */
  readonly conditions: readonly string[];
  readonly unknown?: string;
}

/** What the page shows. */
export type PageView = {
  /** Who looks. */
  readonly viewer: string;
  /** When the session ends. */
  readonly until: string;
  readonly version: string;
} & (
  | {
      readonly page: 'now';
      readonly now: NowView;
      readonly leases: readonly LeaseView[];
      readonly decisions: readonly DecisionLine[];
    }
  | { readonly page: 'leases'; readonly now: string; readonly leases: readonly LeaseView[]; readonly filter: string }
  | { readonly page: 'decisions'; readonly decisions: readonly DecisionLine[]; readonly filter: DecisionFilter }
  | { readonly page: 'record'; readonly decision?: DecisionView; readonly log?: LogView }
  | { readonly page: 'access'; readonly access: AccessView; readonly filter: string; readonly whatIf?: WhatIfView }
);

/** Which decisions are shown; an empty text is all. */
export interface DecisionFilter {
  readonly text: string;
  readonly ending: Ending | '';
}

/** What the page is told while it is open. */
export type LiveEvent =
  | { readonly event: 'now'; readonly data: NowView }
  | { readonly event: 'leases'; readonly data: readonly LeaseView[] }
  /** Oldest first. */
  | { readonly event: 'decisions'; readonly data: readonly DecisionLine[] }
  /** The session is over, or no longer admitted. */
  | { readonly event: 'over'; readonly data: null };
