/** What can be wrong with a log, in words that do not change. */
export const problems = {
  Foreign: 'This is no line of an audit chain.',
  Changed: 'The line does not have the hash that it says it has: it was changed.',
  Headless: 'The chain does not start here: what stood before is missing.',
  Missing: 'A line before this one is missing, or stands elsewhere.',
  Detached: 'The line before this one was replaced: it is not the one that was chained here.',
  Differs: 'There are two lines of this number, and they differ.',
  TooLate: 'A line of this number stood so much earlier that the two cannot be compared.',
  AfterEnd: 'The chain had ended.',
  Malformed: 'The checkpoint is not one.',
  UnknownKey: 'The checkpoint is signed by a key that was not given.',
  BadSignature: 'The signature of the checkpoint is false.',
  Forked: 'The chain that stood before this one in its file is said to have ended otherwise.',
  Cut: 'The chain is known to have gone on: its last lines are missing.',
  NoPredecessor: 'The chain that stood before this one in its file is missing.',
  NoEnd: 'The chain has no end.',
  Empty: 'There is no audit record.',
} as const satisfies Record<string, string>;

export type Problem = keyof typeof problems;

/** Where a line stands. */
export interface LogPosition {
  /** Absent where lines were handed over without. */
  readonly file?: string;
  /** From 1. */
  readonly line: number;
}

/** The first thing that is wrong with a chain, or with a line that is of none. */
export interface Fault {
  readonly problem: Problem;
  /** Absent of a log without lines. */
  readonly place?: LogPosition;
  readonly chain?: string;
  /** The number of the bad line: of the missing one, where one is missing. */
  readonly sequence?: number;
}
