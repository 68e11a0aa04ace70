/** The place that a request has among those that a process has under way. */
export interface Slot {
  /** Counts it as one of these callers' from now on. Returns false if the caller has as many as it may. */
  belongTo(caller: string): boolean;
}
