import type { StsErrorCode } from './errors.ts';

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

/** The state of a lease at an instant in milliseconds since 1970: what was fresh when it was seen may be due by then. */
export const leaseStateAt = (
  { expiration, nextRefresh, failures, deliveryFailures }: Omit<LeaseStatus, 'state'>,
  now: number,
): LeaseStatus['state'] => {
  if (expiration === undefined || expiration.getTime() <= now) return 'missing';
  if (failures > 0 || deliveryFailures > 0) return 'failing';
  return nextRefresh !== undefined && nextRefresh.getTime() > now ? 'fresh' : 'due';
};
