/** What can be wrong with a log, as codes that do not change. */
export const problems = {
  Foreign: 'This is not a line of an audit chain.',
  Changed: 'The line was changed: its hash is not the one that it states.',
  Headless: 'The beginning of the chain is missing.',
  Missing: 'A line before this one is missing or was moved.',
  Detached: 'The line before this one was replaced: it is not the one to which this line is chained.',
  Differs: 'There are two different lines with this number.',
  TooLate: 'A line with this number stood so much earlier that the two cannot be compared.',
  AfterEnd: 'The chain had ended before this line.',
  Malformed: 'The checkpoint is malformed.',
  UnknownKey: 'The checkpoint is signed by a key that was not given.',
  BadSignature: 'The signature of the checkpoint is not valid.',
  Forked: 'This line says that another chain has another line at its end.',
  Cut: 'The last lines of the chain are missing: another chain names a later line of it.',
  NoPredecessor: 'A chain that this line names is missing.',
  NoEnd: 'The chain has no end.',
  Empty: 'There is no audit record.',
} as const satisfies Record<string, string>;

export type Problem = keyof typeof problems;

/** The position of a line. */
export interface LogPosition {
  /** Absent if the lines do not come from a file. */
  readonly file?: string;
  /** From 1. */
  readonly line: number;
}

/** The first thing that is wrong with a chain, or a line that belongs to no chain. */
export interface Fault {
  readonly problem: Problem;
  /** Absent for a log without lines. */
  readonly place?: LogPosition;
  readonly chain?: string;
  /** The number of the bad line, or of the missing one. */
  readonly sequence?: number;
}
