import type { Credentials } from './credentials.ts';

/** What is kept under a lease's name. */
export type LeaseReading =
  | { readonly kind: 'credentials'; readonly credentials: Credentials }
  /** Nothing that still counts. The next run tries, in so many seconds at the latest. */
  | { readonly kind: 'awaited'; readonly seconds: number }
  /** Nothing is configured under that name. */
  | { readonly kind: 'unknown' };

/** Where leases are read. It hands out what was minted; whether the caller may have it was decided before. */
export interface LeaseReader {
  /** The account that a lease is of. */
  accountOf(lease: string): string | undefined;
  read(lease: string, now: Date): Promise<LeaseReading>;
}
