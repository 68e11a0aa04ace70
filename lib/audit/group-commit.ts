import type { Clock } from '../core/clock.ts';
import type { FaultListener } from '../core/fault-listener.ts';
import type { Sink } from './sink.ts';

/** Between attempts while a sink fails: short, so that what waits is written within a second of the sink's recovery. */
const firstPauseMs = 50;
const maxPauseMs = 500;

/** After so long a write is said to be slow. */
const slowWriteMs = 1_000;

/** Writes lines together that arrive together, until all are written. */
export interface GroupCommit {
  /**
   * Calls `written` when these lines, and all before them, are written. Calls `troubled` if that is not soon: a write
   * failed or is slow. Either may be called at once, and `troubled` more than once.
   */
  add(lines: readonly string[], written: () => void, troubled: () => void): void;
  /** For how long the sink has taken nothing, in milliseconds; 0 if nothing waits. */
  stalledMs(): number;
  /** Keeps no timer from now on. */
  close(): void;
}

interface Waiting {
  readonly lines: readonly string[];
  readonly written: () => void;
  readonly troubled: () => void;
}

/**
 * One write at a time; lines that arrive meanwhile go together into the next. Lines whose write failed stay first, since
 * those behind them are chained to them, and are written again by themselves until the sink takes them: the log may then
 * hold them twice, the same each time.
 */
export const groupCommit = (
  sink: Sink,
  clock: Pick<Clock, 'monotonicMs' | 'sleep'>,
  faults?: FaultListener,
): GroupCommit => {
  const waiting: Waiting[] = [];
  const closed = new AbortController();
  let isWriting = false;
  let isTroubled = false;
  let isWatched = false;
  /** When the sink last took something, or had nothing to take. */
  let progressAt = 0;
  /** When the write began that is under way. */
  let writingSince: number | undefined;

  const trouble = (): void => {
    isTroubled = true;
    for (const { troubled } of waiting) troubled();
  };

  /** Says that the write under way is slow once it is. It looks again only when that may be: a timer for each write would cost more than the write. */
  const watch = async (): Promise<void> => {
    if (isWatched) return;
    isWatched = true;
    while (writingSince !== undefined && !closed.signal.aborted) {
      const leftMs = writingSince + slowWriteMs - clock.monotonicMs();
      if (leftMs <= 0) trouble();
      await clock.sleep(leftMs <= 0 ? slowWriteMs : leftMs, closed.signal);
    }
    isWatched = false;
  };

  /** Returns whether the sink took the lines. There is no other write before this one has ended, however long it takes. */
  const write = async (lines: readonly string[]): Promise<boolean> => {
    writingSince = clock.monotonicMs();
    void watch();
    try {
      if (lines.length > 0) await sink.write(lines);
      faults?.answered();
      return true;
    } catch (thrown) {
      faults?.failed(thrown);
      return false;
    } finally {
      writingSince = undefined;
    }
  };

  const run = async (): Promise<void> => {
    isWriting = true;
    let pauseMs = firstPauseMs;
    while (waiting.length > 0) {
      const batch = [...waiting];
      if (await write(batch.flatMap(({ lines }) => lines))) {
        waiting.splice(0, batch.length);
        progressAt = clock.monotonicMs();
        isTroubled = false;
        pauseMs = firstPauseMs;
        for (const { written } of batch) written();
      } else {
        trouble();
        await clock.sleep(pauseMs);
        pauseMs = Math.min(pauseMs * 2, maxPauseMs);
      }
    }
    isWriting = false;
  };

  return {
    add: (lines, written, troubled) => {
      if (waiting.length === 0) progressAt = clock.monotonicMs();
      waiting.push({ lines, written, troubled });
      if (isTroubled) troubled();
      if (!isWriting) void run();
    },
    stalledMs: () => (waiting.length === 0 ? 0 : clock.monotonicMs() - progressAt),
    close: () => closed.abort(),
  };
};
