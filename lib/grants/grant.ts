import type { BlockList } from 'node:net';
import type { Operation } from '../core/requests.ts';
import type { ClaimRule } from './claims.ts';
import type { Pattern } from './pattern.ts';
import type { References, Template } from './template.ts';
import type { TemplateDocument } from './template-document.ts';
import type { Times } from './times.ts';

/** A part of a request that a grant may let its callers choose. */
export type CallersPart = 'policy' | 'tags' | 'sourceIdentity' | 'secondFactor';

/** For whom tokens may be issued, and what they say. */
export interface TokenTerms {
  readonly audiences: readonly Pattern[];
  /** Absent: the caller's name. */
  readonly subject?: Template;
  readonly claims?: TemplateDocument;
  /** The callers that may act for another. */
  readonly actors: ReadonlySet<string>;
}

/** One rule that allows callers something. What no grant allows is refused. */
export interface Grant {
  readonly name: string;
  /** Names of callers; `session` is every holder of a triad of the authority. */
  readonly callers: ReadonlySet<string>;
  /** Only when asked in these dialects; absent: any. */
  readonly dialects?: ReadonlySet<string>;
  readonly account: string;
  readonly operations: ReadonlySet<Operation>;
  /** For operations that name a role; matched against the text as asked. */
  readonly roles: readonly Pattern[];
  /** For reading leases; matched against the lease's name. Absent: no lease. */
  readonly leases?: readonly Pattern[];
  /** What the grant says of tokens of our own issuer; absent: it allows none. */
  readonly token?: TokenTerms;
  /** Whether callers that a token of our own issuer proves may use it. */
  readonly ownTokens?: true;
  /** Every one of these must be met by the token. */
  readonly claims?: readonly ClaimRule[];
  /** Addresses that requests may come from; absent: any. */
  readonly sourceIps?: { readonly list: BlockList; readonly written: readonly string[] };
  readonly times?: Times;
  /** Any of these must be the token's `acr`. */
  readonly acr?: readonly string[];
  /** Every one of these must be among the token's `amr` (RFC 8176). */
  readonly amr?: readonly string[];
  /** The longest that credentials may live. */
  readonly maxDurationSeconds?: number;
  /** What the grant's templates may refer to. */
  readonly references: References;
  /** The session's name, whatever the caller asked for. */
  readonly sessionName?: Template;
  /** The session policy. Only of a cloud's own grammar. */
  readonly policy?: TemplateDocument;
  readonly tags?: readonly (readonly [key: string, value: Template])[];
  readonly sourceIdentity?: Template;
  /** Given to the cloud with AssumeRole; never the caller's. */
  readonly externalId?: string;
  /** Whether its callers may be given each other's credentials. */
  readonly shareable: boolean;
  /** What the caller may choose. */
  readonly accepts: ReadonlySet<CallersPart>;
  /** In `audit`, a request that fails on a condition alone goes through and is recorded as one that would not have. */
  readonly mode: 'enforce' | 'audit';
}
