/** Oddities of vendors' replies that clients have broken on. */
export type Oddity = 'AssumeRoleId' | 'nanoseconds' | 'noRequestId' | 's3Errors';

/** How an authority misbehaves. Shares are of its answers, from 0 to 1. */
export interface FaultSettings {
  /** The same seed and the same requests in the same order have the same faults. */
  readonly seed: number;
  /** Answers so many requests a second, and says of the others that they were too many. */
  readonly throttle?: { readonly perSecond: number };
  readonly latency?: { readonly milliseconds: number; readonly spread: number; readonly share: number };
  /** Connections that are reset instead of answered. */
  readonly reset: number;
  /** Answers that end in their midst. */
  readonly cut: number;
  /** Answers that are a gateway's page. */
  readonly wrongType: number;
  /** Credentials whose three parts are empty. */
  readonly empty: number;
  readonly odd: readonly Oddity[];
  /** By how much its clock is ahead. */
  readonly skewSeconds: number;
  /** Credentials end so soon, whatever was asked. */
  readonly expireAfterSeconds?: number;
  /** Every so often the keys of its callers are changed, and for so long it knows none of them. */
  readonly rotation?: { readonly everySeconds: number; readonly lastsSeconds: number };
}
