import type { AuditLog } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Upstream } from '../core/cloud.ts';
import type { Store } from '../core/store.ts';
import type { DeliverTo } from '../delivery/deliveries.ts';
import type { Rules } from '../grants/authorize.ts';
import type { Source } from '../mint/cloud-source.ts';
import type { LeaseSettings } from './lease.ts';

/** Something that happened to a lease, told to those who look after leases. It holds no secret. */
export interface LeaseEvent {
  readonly type: 'credmint.lease.failing' | 'credmint.lease.recovered';
  readonly lease: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The rooms of the house that keeping leases fresh goes through. */
export interface LeaseDeps {
  readonly settings: LeaseSettings;
  readonly rules: Rules;
  /** Mints past the cache, within what keeping fresh may take. */
  readonly fresh: Source;
  readonly clouds: ReadonlyMap<string, Upstream>;
  readonly audit: AuditLog;
  readonly store: Store;
  readonly deliver: DeliverTo;
  /** Tells everybody whom the configuration names; rejects where somebody was not reached. */
  readonly notify: (event: LeaseEvent, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
}

/** How long one run may go on. */
export interface RunLimits {
  /** Aborted when the run must end. */
  readonly signal: AbortSignal;
  /** When that is: others leave what it has claimed alone until then. */
  readonly until: Date;
}
