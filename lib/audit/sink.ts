import type { Link } from './chain.ts';

/** What a sink found where it is going to write. */
export interface Remains {
  /** The last line of a chain that stands there. */
  readonly last?: Link;
  /** The SHA-256 of a line that was left unfinished. */
  readonly torn?: string;
}

/** Where lines go. It is asked for one thing at a time. */
export interface Sink {
  /** Resolves when the lines are as safe as this sink makes them; rejects where some may not be. No line has an end. */
  write(lines: readonly string[]): Promise<void>;
  /** What stands there already, for sinks that can know. Asked before the first line. */
  remains?(): Promise<Remains>;
  close?(): Promise<void>;
}
