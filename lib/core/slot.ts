/** The place of one request among those that a process answers at once. */
export interface Slot {
  /** Counts the request as one of this caller's from now on. Returns false if the caller has as many as it may. */
  belongTo(caller: string): boolean;
}
