import type { Link } from './chain.ts';

/** What a sink found of those that wrote before it. */
export interface Remains {
  /** The last line of a chain that stands there. */
  readonly last?: Link;
  /** The SHA-256 of a line that was left unfinished. */
  readonly torn?: string;
  /** The last lines of chains in other files that stopped without an end. */
  readonly stopped?: readonly Link[];
}

/** A place to which lines are written. Only one of its methods runs at a time. */
export interface Sink {
  /**
   * Prepares the sink, before anything else is asked of it, and resolves to what was written there before, for sinks that
   * can know. Rejects with an StsError if lines may not be written there, for instance as another process does.
   */
  open?(): Promise<Remains>;
  /** Resolves when the lines are as safe as this sink makes them; rejects if some may not be. Lines come without newlines. */
  write(lines: readonly string[]): Promise<void>;
  close?(): Promise<void>;
}
