import type { Store } from '../core/store.ts';
import type { StoreBreaker } from './store-breaker.ts';

/** How long to wait for a store, and what to do when the time is over. */
export interface StoreTimeout {
  readonly milliseconds: number;
  readonly now: () => Date;
  /** Called when the time is over, for instance to close a connection that hangs. */
  readonly cutOff?: () => void;
}

/** How a store that is down is known. */
export interface StoreGuard {
  /** Absent: it answers at once or throws. */
  readonly timeout?: StoreTimeout;
  /** Absent: it is asked each time, even if it is down. */
  readonly breaker?: StoreBreaker | undefined;
  /** Whether what was thrown is the store's own answer, for instance that it is full: such a store is not down. */
  readonly isAnswer?: (thrown: unknown) => boolean;
  /** Asks the store for a sign of life. Absent: puts a value. */
  readonly probe?: () => Promise<unknown>;
}

const probeKey = 'probe';
const probeLifeMs = 10_000;

/** Answers as a store that is down, as the port means it, if the store fails, exceeds the timeout or is left alone. */
export const guardStore = (
  store: Store,
  { timeout, breaker, isAnswer = () => false, probe }: StoreGuard = {},
): Store => {
  const inTime = <Value>(ask: () => Promise<Value>, late?: (value: Value) => unknown): Promise<Value> =>
    timeout === undefined ? ask() : withTimeout(timeout, ask(), late);

  const sayAlive =
    probe ?? (() => store.put(probeKey, '', new Date((timeout?.now() ?? new Date()).getTime() + probeLifeMs)));

  const sendProbe = async (open: StoreBreaker): Promise<void> => {
    try {
      await inTime(sayAlive);
      open.answered();
    } catch (thrown) {
      if (isAnswer(thrown)) open.answered();
      else open.probeFailed(thrown);
    }
  };

  const or = async <Value>(
    down: Value,
    ask: () => Promise<Value>,
    late?: (value: Value) => unknown,
  ): Promise<Value> => {
    if (breaker?.isOpen()) {
      // No caller waits for the probe.
      if (breaker.takeProbe()) void sendProbe(breaker);
      return down;
    }
    try {
      return await inTime(ask, late);
    } catch (thrown) {
      if (isAnswer(thrown)) breaker?.refused(thrown);
      else breaker?.failed(thrown);
      return down;
    }
  };

  // The caller was told no, so no one holds what was won too late. A process that was frozen meanwhile, as functions are, may
  // see the reply long after the claim became another's.
  const giveBack = (expiration: Date, ask: () => Promise<void>): void => {
    if (timeout !== undefined && timeout.now() < expiration) ask().catch(() => undefined);
  };

  return {
    get: (key) => or(undefined, () => store.get(key)),
    put: (key, value, expiration) => or(false, () => store.put(key, value, expiration)),
    lock: (key, expiration) =>
      or(
        undefined,
        () => store.lock(key, expiration),
        (won) => won?.isOurs && giveBack(expiration, () => store.unlock(key)),
      ),
    putAndUnlock: (key, value, expiration) => or(false, () => store.putAndUnlock(key, value, expiration)),
    unlock: (key) => or(undefined, () => store.unlock(key)),
    acquire: (key, expiration, share) =>
      or(
        undefined,
        () => store.acquire(key, expiration, share),
        (won) => won && giveBack(expiration, () => store.release(key)),
      ),
    release: (key) => or(undefined, () => store.release(key)),
    consume: (key, amount, limit, expiration, share) =>
      or(undefined, () => store.consume(key, amount, limit, expiration, share)),
  };
};

/** The store did not answer in time. */
class NoAnswer extends Error {
  readonly code = 'ABORT_ERR';
  /** How long it was waited for. */
  readonly afterMs: number;

  constructor(afterMs: number) {
    super(`The store did not answer in ${afterMs} ms.`);
    this.afterMs = afterMs;
  }
}

/** Rejects when the time is over. `late` is called with what comes after that. */
const withTimeout = <Value>(
  { milliseconds, cutOff }: StoreTimeout,
  answer: Promise<Value>,
  late: (value: Value) => unknown = () => undefined,
): Promise<Value> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new NoAnswer(milliseconds));
      answer.then(late, () => undefined);
      cutOff?.();
    }, milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
