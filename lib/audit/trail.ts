import type { AuditLog, AuditRecord, WriteRecord } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { deferred } from '../core/deferred.ts';
import { StsError } from '../core/errors.ts';
import type { FaultListener } from '../core/fault-listener.ts';
import { type CheckpointRule, createChain } from './chain.ts';
import { groupCommit } from './group-commit.ts';
import type { SigningKeys } from './keys.ts';
import { lineOf } from './line.ts';
import type { ChainRegister } from './register.ts';
import type { Sink } from './sink.ts';

/** Until when an answer is wanted. */
interface Deadline {
  readonly signal: AbortSignal;
}

/** The records of what one instance decides. */
export interface AuditTrail {
  readonly record: AuditLog;
  readonly state: () => AuditTrailState;
  /**
   * Writes what waits and the end of the chain; from now on every record is rejected. Rejects if the sink has not taken
   * all of it when the signal is aborted.
   */
  close(deadline: Deadline): Promise<void>;
}

/** How an audit trail is doing. */
export interface AuditTrailState {
  /** Records that are not written yet, of acts that are under way as well. */
  readonly waiting: number;
  /** For how long the sink has taken nothing, in milliseconds. */
  readonly stalledMs: number;
  /** Whether there is room for a record: if not, nothing is given out. */
  readonly takesRecords: boolean;
}

/** How the lines of a trail are chained. */
export interface Chaining {
  readonly id: string;
  readonly keys: SigningKeys;
  readonly checkpoint: CheckpointRule;
  /** By which instances name each other's chains; absent: this one is known to nobody. */
  readonly register?: ChainRegister;
}

/**
 * How many records may wait, or be of acts that are under way: more than the requests that a server has in flight by
 * default, and, with a checkpoint behind each, fewer lines than a verifier remembers of a chain.
 */
export const maxWaitingRecords = 2_000;

/** A sink that has taken nothing for so long is down: what needs a record is refused at once. */
const maxStallMs = 10_000;

/** What an act that used up its time still gets to write its record. */
const graceMs = 1_000;

const unavailable = (): StsError =>
  new StsError('Unavailable', 'The audit trail takes no record now.', { retryAfterSeconds: 1 });

/**
 * A trail into a sink; chained if there is a key to sign its checkpoints. Rejects if the sink cannot be opened.
 *
 * @example
 * const trail = await openAuditTrail(fileSink({ path, sync: true }), clock, { id, keys, checkpoint });
 * const write = await trail.record.reserve?.({ signal });
 * await write?.(record);
 */
export const openAuditTrail = async (
  sink: Sink,
  clock: Pick<Clock, 'now' | 'monotonicMs' | 'sleep'>,
  chaining?: Chaining,
  faults?: FaultListener,
): Promise<AuditTrail> => {
  const { last: after, torn, stopped } = (await sink.open?.()) ?? {};
  const { register } = chaining ?? {};
  const chain = chaining && createChain({ ...chaining, after, torn, stopped });
  const commit = groupCommit(sink, clock, faults);
  const inLine: (() => void)[] = [];
  let closed = false;
  let waiting = 0;

  const isDown = (): boolean => closed || commit.stalledMs() > maxStallMs;

  const leave = (): void => {
    const next = inLine.shift();
    if (next === undefined) waiting--;
    else next();
  };

  /** Waits, behind those that wait already, for the room of a record that was written. */
  const room = async ({ signal }: Deadline): Promise<void> => {
    const { promise, resolve, reject } = deferred();
    const giveUp = (): void => {
      const index = inLine.indexOf(resolve);
      if (index < 0) return;
      inLine.splice(index, 1);
      reject(unavailable());
    };
    inLine.push(resolve);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    await promise.finally(() => signal.removeEventListener('abort', giveUp));
  };

  /** Resolves when the lines are written; if that is not soon, rejects when the deadline is over. */
  const written = (lines: readonly string[], deadline: Deadline, done: () => void): Promise<void> =>
    new Promise((resolve, reject) => {
      let over: AbortController | undefined;
      const watch = (): void => {
        if (over !== undefined) return;
        over = new AbortController();
        const { signal: written } = over;
        const { signal } = deadline;
        const giveUp = async (): Promise<void> => {
          await clock.sleep(graceMs, written);
          reject(unavailable());
        };
        if (signal.aborted) void giveUp();
        else signal.addEventListener('abort', giveUp, { once: true, signal: written });
      };
      const end = (): void => {
        over?.abort();
        done();
        resolve();
      };
      commit.add(lines, end, watch);
    });

  const writeReserved = (record: AuditRecord, deadline: Deadline): Promise<void> => {
    if (closed) {
      leave();
      throw unavailable();
    }
    const line = lineOf(record);
    if (chain === undefined) return written([line], deadline, leave);
    const seen = register?.take();
    const lines = chain.add(line, clock.now(), seen);
    const tip = chain.tip();
    return written(lines, deadline, () => {
      leave();
      register?.note(tip);
      if (seen !== undefined) register?.named(seen);
    });
  };

  const reserve = async (deadline: Deadline): Promise<WriteRecord> => {
    if (isDown()) throw unavailable();
    if (waiting < maxWaitingRecords) waiting++;
    else await room(deadline);
    return async (record) => writeReserved(record, deadline);
  };

  const record = async (one: AuditRecord): Promise<void> => (await reserve(forever))(one);

  return {
    record: Object.assign(record, { reserve }),
    state: () => ({
      waiting,
      stalledMs: commit.stalledMs(),
      takesRecords: !isDown() && waiting < maxWaitingRecords,
    }),
    close: async (deadline) => {
      if (closed) return;
      closed = true;
      try {
        const last = chain?.end(clock.now(), register?.take()) ?? [];
        await written(last, deadline, () => undefined);
        if (chain !== undefined && last.length > 0) await register?.end(chain.tip());
      } catch {
        throw new StsError('Unavailable', 'The audit trail could not be written to its end.');
      } finally {
        commit.close();
        // A sink that hangs would hang here too; what it holds ends with the process.
        if (commit.stalledMs() === 0) await sink.close?.();
      }
    },
  };
};

/** For what has no deadline of its own. */
const forever: Deadline = { signal: new AbortController().signal };
