import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import type { Store } from '../core/store.ts';
import type { Deadline } from './deadline.ts';
import type { InstanceShare } from './instance-share.ts';
import { type Period, periodOf } from './period.ts';

/** An instance reserves at most this part of a second's calls at a time. */
const slices = 20;
/** For calls that do not wait yet, it reserves this part of what it used in the last second, so that it asks the store seldom. */
const reservedAhead = 0.25;
/** As many calls of one caller wait as the cloud takes in so many seconds. */
const maxQueueSeconds = 10;

/** What queues have in common. */
export interface QueueDeps {
  readonly store: Store;
  readonly instance: InstanceShare;
  readonly clock: Clock;
}

interface Waiter {
  readonly caller: string;
  admit(): void;
}

/**
 * The queue for one account's calls of one operation and purpose. Each caller has a line of its own and the lines take
 * turns, so that a caller with many requests delays only itself, and a line is only as long as its own caller makes it.
 */
export class FairQueue {
  readonly #key: string;
  readonly #limit: number;
  readonly #factor: () => number;
  readonly #store: Store;
  readonly #instance: InstanceShare;
  readonly #clock: Clock;
  readonly #lines = new Map<string, Waiter[]>();
  #period = '';
  /** Reserved and not used. */
  #held = 0;
  #used = 0;
  #usedBefore = 0;
  #waiting = 0;
  #pumping = false;

  constructor(key: string, limit: number, factor: () => number, { store, instance, clock }: QueueDeps) {
    this.#key = key;
    this.#limit = limit;
    this.#factor = factor;
    this.#store = store;
    this.#instance = instance;
    this.#clock = clock;
  }

  async enter(caller: string, { signal }: Deadline): Promise<void> {
    const line = this.#lines.get(caller);
    if (line !== undefined && line.length >= Math.max(1, this.#limit * this.#factor() * maxQueueSeconds))
      throw throttled();
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
      if (line === undefined) this.#lines.set(caller, [waiter]);
      else line.push(waiter);
      this.#waiting++;
      void this.#pump();
    });
  }

  /** Reserves a call, if none is: for a request that does something else first, and will not wait for the store then. */
  async expect(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      const period = this.#currentPeriod();
      if (this.#held === 0) this.#held = await this.#reserve(period);
    } finally {
      this.#pumping = false;
    }
    void this.#pump();
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
        const period = this.#currentPeriod();
        if (this.#held === 0) this.#held = await this.#reserve(period);
        // Reserving may have taken until the next period, whose calls are counted anew.
        if (this.#now() >= period.end) continue;
        if (this.#held === 0) {
          await this.#clock.sleep(period.end - this.#now());
          continue;
        }
        this.#held--;
        this.#used++;
        this.#next()?.admit();
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** What was reserved is of one period alone. */
  #currentPeriod(): Period {
    const period = periodOf(this.#limit, this.#factor(), this.#now());
    if (period.name !== this.#period) {
      this.#period = period.name;
      this.#held = 0;
      this.#usedBefore = this.#used;
      this.#used = 0;
    }
    return period;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  /**
   * So many of the period's calls as wait, or are likely to come: what one instance reserves and does not use, no other
   * can.
   */
  async #reserve({ name, calls, end, milliseconds }: Period): Promise<number> {
    if (calls === 0) return 0;
    const slice = Math.max(1, Math.ceil(calls / slices));
    const wanted = Math.min(slice, Math.max(1, this.#waiting, Math.ceil(this.#usedBefore * reservedAhead)));
    const granted = await this.#store.consume(`${this.#key} ${name}`, wanted, calls, new Date(end + milliseconds));
    if (granted === undefined) return this.#takeAlone();
    this.#instance.keep();
    return granted;
  }

  /** If the store is down: what waits of this instance's own share. Of one below a call a second, its period is longer. */
  #takeAlone(): number {
    const { name, calls } = periodOf(this.#limit * this.#instance.share(), this.#factor(), this.#now());
    if (this.#alone.name !== name) this.#alone = { name, left: calls };
    const taken = Math.min(this.#alone.left, this.#waiting);
    this.#alone.left -= taken;
    return taken;
  }

  /** The last period in which this instance took calls without the store, and how many it may still take in it. */
  #alone = { name: '', left: 0 };
}

const throttled = (): StsError =>
  new StsError('Throttled', 'The cloud takes no more calls for now.', { retryAfterSeconds: 1 });
