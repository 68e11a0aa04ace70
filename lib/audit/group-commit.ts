import type { Sink } from './sink.ts';

/** Writes lines together that arrive together. */
export interface Commit {
  /** Resolves when these lines, and all before them, are written. */
  (lines: readonly string[]): Promise<void>;
  /** Whether so many lines wait that no more should be added. */
  readonly full: () => boolean;
}

/**
 * One write at a time; lines that arrive meanwhile go together into the next. Lines whose write failed stay first, since
 * those behind them are chained to them: the log may then hold them twice, the same each time.
 */
export const groupCommit = (sink: Sink, maxWaiting: number): Commit => {
  let waiting: string[] = [];
  let turn: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    next = undefined;
    const lines = waiting;
    waiting = [];
    try {
      if (lines.length > 0) await sink.write(lines);
    } catch (thrown) {
      waiting = [...lines, ...waiting];
      throw thrown;
    }
  };

  const commit = (lines: readonly string[]): Promise<void> => {
    waiting.push(...lines);
    if (next === undefined) {
      next = turn.then(write, write);
      turn = next;
    }
    return next;
  };
  return Object.assign(commit, { full: () => waiting.length >= maxWaiting });
};
