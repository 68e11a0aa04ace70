import type { Credentials } from './credentials.ts';
import type { LeaseStatus } from './lease-status.ts';

/** What is kept under a lease's name. */
export type LeaseReading =
  | { readonly kind: 'credentials'; readonly credentials: Credentials; readonly mintedAt: Date }
  /** There are no valid credentials. The next run tries again, in so many seconds at the latest. */
  | { readonly kind: 'awaited'; readonly seconds: number };

/** Reads leases. It hands out what was minted; whether the caller may have it was decided before. */
export interface LeaseReader {
  /** The account of a lease; `undefined` if there is no such lease. */
  accountOf(lease: string): string | undefined;
  /** Rejects with `LeaseNotFound` if nothing is configured under that name. */
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
