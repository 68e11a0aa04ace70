import type { KeySources } from '../auth/jwt/key-sources.ts';
import type { RateBuckets } from '../auth/rate-limit.ts';
import type { BuiltPage } from '../console/built-page.ts';
import type { AuditLog } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Store } from '../core/store.ts';
import type { Documents, Transport } from '../core/transport.ts';
import type { Log } from '../telemetry/log.ts';
import type { Tracing } from '../telemetry/trace.ts';
import type { Proxies } from '../transport/proxies.ts';

/** What a process hands in, whatever it serves: the network, the clock and chance. Tests hand in their own. */
export interface ProcessDeps {
  readonly transport: Transport;
  /** Absent says nothing. */
  readonly log?: Log;
  /** Absent passes on what callers say of their traces. */
  readonly tracing?: Tracing;
  /** Fetches issuers' public documents; absent uses the network. */
  readonly documents?: Documents;
  /** The proxies by which issuers' documents and a cluster are reached; absent reaches them directly. */
  readonly proxies?: Proxies;
  readonly now: () => Date;
  /** A positive integer below 2^53, new at each call. */
  readonly nonce: () => number;
  /** Absent is the monotonic clock of the machine. */
  readonly monotonicMs?: Clock['monotonicMs'];
  /** Absent waits by the machine's own clock. */
  readonly sleep?: Clock['sleep'];
  /** Absent is `Math.random`. */
  readonly chance?: Clock['chance'];
}

/** What a process that serves a page hands in besides. */
export interface PagedDeps extends ProcessDeps {
  /** The page as it was built; absent: whoever may look is told that it was not. */
  readonly page?: BuiltPage;
  /** Of credmint, for whoever looks. */
  readonly version?: string;
}

/** What outlasts a reading of the configuration; the first one that needs it makes it. */
export interface Outlasting {
  keySources?: KeySources;
  rateBuckets?: RateBuckets;
}

/** What an app is composed from: what its process hands in, and what was opened for its configuration. */
export interface AppDeps extends ProcessDeps {
  readonly store: Store;
  readonly audit: AuditLog;
  /** Whether other instances use the same store; absent is no. */
  readonly shared?: boolean;
  /** What an earlier reading of the configuration left. */
  readonly outlasting?: Outlasting;
}
