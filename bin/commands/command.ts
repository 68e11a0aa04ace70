import type { Cloud } from '../../lib/core/cloud.ts';

/** Where a command writes, and what it knows. */
export interface Io {
  /** The clouds that configurations may name, in both directions. */
  readonly clouds: readonly Cloud[];
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One command of `npx credmint`. Resolves to the exit code: 0 is yes, 1 is no, 2 is a question that cannot be answered. */
export interface Command {
  readonly summary: string;
  readonly usage: string;
  run(args: readonly string[], io: Io): Promise<number>;
}
