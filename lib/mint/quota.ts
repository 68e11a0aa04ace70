import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { Store } from '../core/store.ts';
import type { Deadline, Source } from './cloud-source.ts';
import { type Counters, counters } from './counters.ts';

/** What a mint is for: a caller who waits, or keeping fresh what somebody will want. */
export type Purpose = 'demand' | 'refresh';

/** How many calls a second an account's cloud takes for an operation; `undefined` where nobody knows a limit. */
export type Ceiling = (account: string, operation: string) => number | undefined;

/** Of each second's calls, what keeping fresh may take; callers who wait have the rest. */
const refreshShare = 0.2;
/** How many pieces a second's calls are leased in, so that an instance asks the store seldom and holds little. */
const slices = 20;
const longestQueueSeconds = 10;

interface Waiter {
  readonly caller: string;
  admit(): void;
}

/**
 * One account's calls of one operation and purpose. Callers wait in lines of their own, and the lines take turns, so
 * that one with many requests delays only itself.
 */
class Gate {
  readonly #key: string;
  readonly #most: () => number;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #lines = new Map<string, Waiter[]>();
  #second = 0;
  #held = 0;
  #waiting = 0;
  #pumping = false;

  constructor(key: string, most: () => number, store: Store, clock: Clock) {
    this.#key = key;
    this.#most = most;
    this.#store = store;
    this.#clock = clock;
  }

  async enter(caller: string, { signal }: Deadline): Promise<void> {
    if (this.#waiting >= Math.max(1, this.#most()) * longestQueueSeconds) throw throttled();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#remove(waiter);
        reject(throttled());
      };
      const waiter: Waiter = {
        caller,
        admit: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      const line = this.#lines.get(caller);
      if (line === undefined) this.#lines.set(caller, [waiter]);
      else line.push(waiter);
      this.#waiting++;
      void this.#pump();
    });
  }

  #remove(waiter: Waiter): void {
    const line = this.#lines.get(waiter.caller);
    const index = line?.indexOf(waiter) ?? -1;
    if (line === undefined || index < 0) return;
    line.splice(index, 1);
    this.#waiting--;
    if (line.length === 0) this.#lines.delete(waiter.caller);
  }

  /** The first of the line whose turn it is; that line then goes to the back. */
  #next(): Waiter | undefined {
    const [first] = this.#lines;
    if (first === undefined) return undefined;
    const [caller, line] = first;
    const waiter = line.shift();
    this.#waiting--;
    this.#lines.delete(caller);
    if (line.length > 0) this.#lines.set(caller, line);
    return waiter;
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#waiting > 0) {
        const at = this.#clock.now().getTime();
        const second = Math.floor(at / 1000);
        if (second !== this.#second) {
          this.#second = second;
          this.#held = 0;
        }
        if (this.#held === 0) this.#held = await this.#lease(second);
        // The lease may have taken until the next second, whose calls are counted anew.
        if (Math.floor(this.#clock.now().getTime() / 1000) !== second) continue;
        if (this.#held === 0) {
          await this.#clock.sleep((second + 1) * 1000 - at);
          continue;
        }
        this.#held--;
        this.#next()?.admit();
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** A slice of the second's calls; where the store is down, one slice of our own and no more. */
  async #lease(second: number): Promise<number> {
    const most = Math.max(1, Math.floor(this.#most()));
    const slice = Math.max(1, Math.ceil(most / slices));
    const until = new Date((second + 2) * 1000);
    const granted = await this.#store.consume(`${this.#key} ${second}`, slice, most, until);
    if (granted > 0 || this.#alone === second) return granted;
    if (await this.#store.put(`${this.#key} reached`, '1', until)) return 0;
    this.#alone = second;
    return slice;
  }

  /** The second for which this instance has served itself. */
  #alone = 0;
}

const throttled = (): StsError =>
  new StsError('Throttled', 'The cloud takes no more calls for now.', { retryAfterSeconds: 1 });

/** Lets each call wait for its turn, so that the clouds' own limits are not met. */
export interface Quota {
  /** A source whose calls are counted. */
  counted(source: Source, purpose: Purpose): Source;
}

export const quota = (ceiling: Ceiling, store: Store, clock: Clock, waits: Counters = counters(clock)): Quota => {
  const gates = new Map<string, Gate>();
  const caution = cautions(clock);

  const gateOf = (account: string, operation: string, purpose: Purpose, most: number): Gate => {
    const key = `quota ${account} ${operation} ${purpose}`;
    const share = purpose === 'refresh' ? refreshShare : 1 - refreshShare;
    const gate = gates.get(key) ?? new Gate(key, () => most * share * caution.factor(account), store, clock);
    gates.set(key, gate);
    return gate;
  };

  return {
    counted: (source, purpose) => async (request, deadline) => {
      const most = ceiling(request.account, request.operation);
      if (most !== undefined) {
        const gate = gateOf(request.account, request.operation, purpose, most);
        await waits.timed(request.account, () => gate.enter(request.caller.name, deadline));
      }
      try {
        return await source(request, deadline);
      } catch (thrown) {
        if (thrown instanceof StsError && thrown.code === 'Throttled') caution.slow(request.account);
        throw thrown;
      }
    },
  };
};

/** How much of its ceiling an account is trusted with: half as much after each refusal, a tenth more each second. */
const cautions = (clock: Clock) => {
  const slowed = new Map<string, { factor: number; at: number }>();
  const factor = (account: string): number => {
    const state = slowed.get(account);
    if (state === undefined) return 1;
    const recovered = state.factor + (0.1 * (clock.now().getTime() - state.at)) / 1000;
    if (recovered >= 1) slowed.delete(account);
    return Math.min(1, recovered);
  };
  return {
    factor,
    slow: (account: string): void => {
      slowed.set(account, { factor: Math.max(0.1, factor(account) / 2), at: clock.now().getTime() });
    },
  };
};
