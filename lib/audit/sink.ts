import type { Link } from './chain.ts';

/** What a sink found at the end of the file that it is going to append to. */
export interface Remains {
  /** The last line of a chain that stands there. */
  readonly last?: Link;
  /** The SHA-256 of a line that was left unfinished. */
  readonly torn?: string;
}

/** A place to which lines are written. Only one of its methods runs at a time. */
export interface Sink {
  /** Resolves when the lines are as safe as this sink makes them; rejects if some may not be. Lines come without newlines. */
  write(lines: readonly string[]): Promise<void>;
  /** What stands there already, for sinks that can know. Asked before the first line. */
  remains?(): Promise<Remains>;
  close?(): Promise<void>;
}
