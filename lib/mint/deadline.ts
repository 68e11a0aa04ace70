/** How long the caller can wait. */
export interface Deadline {
  /** Aborted when an answer would come too late. A getter may create it: most answers come from the cache and need none. */
  readonly signal: AbortSignal;
}
