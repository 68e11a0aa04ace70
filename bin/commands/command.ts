import type { Cloud } from '../../lib/core/cloud.ts';

/** Where a command writes, and what it knows. */
export interface Io {
  /** The clouds that configurations may name, in both directions. */
  readonly clouds: readonly Cloud[];
  readonly stdout: { write(text: string): unknown };
  /** Progress is shown only on a terminal. */
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One command of `npx credmint`. Resolves to the exit code: 0 is yes, 1 is no, 2 is a question that cannot be answered. */
export interface Command {
  readonly summary: string;
  readonly usage: string;
  /** The commands that it is made of, by name; see `withSubcommands`. */
  readonly subcommands?: Readonly<Record<string, Command>>;
  run(args: readonly string[], io: Io): Promise<number>;
}
