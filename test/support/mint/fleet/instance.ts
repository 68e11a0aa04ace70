import type { Account } from '../../../../lib/core/cloud.ts';
import type { MintRequest } from '../../../../lib/core/requests.ts';
import type { Store } from '../../../../lib/core/store.ts';
import type { CacheCounts } from '../../../../lib/mint/cache.ts';
import { createMint } from '../../../../lib/mint/mint.ts';
import type { Ceiling } from '../../../../lib/mint/quota.ts';
import type { KeepingSource } from '../../../../lib/mint/source.ts';
import type { VirtualClock } from '../../clock.ts';
import { storeThrough } from '../../store-wrappers.ts';
import type { LimitedCloud } from './limited-cloud.ts';

/** One instance of a fleet. */
export interface FleetInstance {
  /** When it will be ended, in milliseconds since the beginning. */
  readonly endsAtMs: number;
  readonly credentials: KeepingSource;
  counts(): Readonly<CacheCounts>;
  /** Ends it as a machine ends that loses its power: what it waits for never comes. */
  end(): void;
}

export interface InstanceDeps {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly ceiling: Ceiling;
  readonly store: Store;
  readonly cloud: LimitedCloud;
  readonly clock: VirtualClock;
  readonly maxEntries: number;
}

/** Aborted after so many virtual milliseconds, if somebody asks for the signal and does not say that it is over. */
export const deadlineIn = (clock: VirtualClock, milliseconds: number) => {
  const untilMs = clock.monotonicMs() + milliseconds;
  let ending: AbortController | undefined;
  const over = new AbortController();
  return {
    over: () => {
      if (ending !== undefined) over.abort('over');
    },
    get signal(): AbortSignal {
      if (ending === undefined) {
        const made = new AbortController();
        ending = made;
        void clock.sleep(untilMs - clock.monotonicMs(), over.signal).then(() => {
          if (!over.signal.aborted) made.abort();
        });
      }
      return ending.signal;
    },
  };
};

/** A mint that waits for this ends before the first caller that waits for it gives up. */
const sharedMintMs = 9_500;

export const startInstance = (deps: InstanceDeps, endsAtMs: number): FleetInstance => {
  const { clock, store, cloud } = deps;
  let ended = false;
  const unlessEnded = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    const value = ended ? undefined : await act();
    return ended ? new Promise<Value>(() => undefined) : (value as Value);
  };
  const mint = createMint({
    accounts: deps.accounts,
    issue: () => {
      throw new Error('There is no authority here.');
    },
    clouds: {
      credentials: (request: MintRequest) => unlessEnded(() => cloud.mint(request)),
      identity: () => Promise.reject(new Error('Nobody asks.')),
    },
    ceiling: deps.ceiling,
    store: storeThrough(store, (_operation, _key, ask) => unlessEnded(ask)),
    shared: true,
    cache: { maxEntries: deps.maxEntries, shareable: () => false, deadline: () => deadlineIn(clock, sharedMintMs) },
    clock,
  });
  return {
    endsAtMs,
    credentials: mint.credentials,
    counts: () => mint.stats().cache,
    end: () => {
      ended = true;
    },
  };
};
