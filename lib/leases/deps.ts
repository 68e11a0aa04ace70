import type { AuditLog } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Upstream } from '../core/cloud.ts';
import type { LeaseStatus } from '../core/lease-status.ts';
import type { Store } from '../core/store.ts';
import type { DeliverTo } from '../delivery/deliveries.ts';
import type { Rules } from '../grants/authorize.ts';
import type { Source } from '../mint/source.ts';
import type { LeaseSettings } from './lease.ts';
import type { ShapeOf } from './shape.ts';

/** What those who look after leases are told. It holds no secret. */
export interface LeaseEvent {
  readonly type: 'credmint.lease.failing' | 'credmint.lease.recovered';
  readonly lease: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What refreshing leases needs. */
export interface LeaseDeps {
  readonly settings: LeaseSettings;
  readonly rules: Rules;
  readonly shapeOf: ShapeOf;
  /** Mints without the cache, within the share of calls that refreshing has. */
  readonly fresh: Source;
  readonly clouds: ReadonlyMap<string, Upstream>;
  readonly audit: AuditLog;
  readonly store: Store;
  readonly deliver: DeliverTo;
  /** Tells every webhook of the configuration; rejects if one was not reached. */
  readonly notify: (event: LeaseEvent, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  /** Told how each lease is doing that a run has looked at, and when that was. */
  readonly observe?: (status: LeaseStatus, at: Date) => void;
}

/** How long one run may take. */
export interface RunLimits {
  /** Aborted when the run must end. */
  readonly signal: AbortSignal;
  /** When that is. Until then other runs leave alone what this one has claimed. */
  readonly until: Date;
}
