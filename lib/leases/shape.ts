import type { Lease } from './lease.ts';

/**
 * A hash of what the configuration has a lease be, if it was minted at that instant in milliseconds since 1970. Returns
 * undefined if the grants do not allow it: then nothing that is held is the lease's.
 */
export type ShapeOf = (lease: Lease, at: number) => string | undefined;
