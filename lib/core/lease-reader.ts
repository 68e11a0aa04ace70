import type { Credentials } from './credentials.ts';
import type { StsErrorCode } from './errors.ts';

/** What is kept under a lease's name. */
export type LeaseReading =
  | { readonly kind: 'credentials'; readonly credentials: Credentials; readonly mintedAt: Date }
  /** There are no valid credentials. The next run tries again, in so many seconds at the latest. */
  | { readonly kind: 'awaited'; readonly seconds: number }
  /** Nothing is configured under that name. */
  | { readonly kind: 'unknown' };

/** How a lease is doing. It holds no secret. */
export interface LeaseStatus {
  readonly name: string;
  readonly account: string;
  /**
   * `fresh`; `due`: it is to be refreshed now; `failing`: its credentials are valid, and refreshing or delivering them
   * fails; `missing`: there are no valid credentials.
   */
  readonly state: 'fresh' | 'due' | 'failing' | 'missing';
  readonly mintedAt?: Date;
  readonly expiration?: Date;
  /** When a run is to mint next; absent if it was never tried. */
  readonly nextRefresh?: Date;
  /** Mints that failed in a row, and runs in a row that did not reach every target. */
  readonly failures: number;
  readonly deliveryFailures: number;
  /** How many targets do not have the credentials. */
  readonly pendingDeliveries: number;
  /** How the last failure of either was. */
  readonly code?: StsErrorCode;
}

/** Reads leases. It hands out what was minted; whether the caller may have it was decided before. */
export interface LeaseReader {
  /** The account of a lease; `undefined` if there is no such lease. */
  accountOf(lease: string): string | undefined;
  read(lease: string, now: Date): Promise<LeaseReading>;
  /** The names of all leases, in order. */
  names(): readonly string[];
  /** How these leases are doing. Rejects with `Unavailable` if that cannot be known. */
  statuses(
    leases: readonly string[],
    deadline: { readonly signal: AbortSignal },
    now: Date,
  ): Promise<readonly LeaseStatus[]>;
}
