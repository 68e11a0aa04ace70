import type { Store } from '../../../lib/core/store.ts';
import { storeThrough } from '../store-wrappers.ts';

/** What a store was asked, and how much of it one after the other. */
export interface StoreTrips {
  readonly store: Store;
  /** The operations so far, in the order in which they began. */
  readonly asked: readonly string[];
  /** How many trips were made in series: one that began before another one had ended is not in series with it. */
  series(): number;
  reset(): void;
}

/** Counts trips to a store. The place of an instance is claimed once a minute, and nothing waits for it: it is not in series. */
export const storeTrips = (store: Store): StoreTrips => {
  const asked: string[] = [];
  let ended = 0;
  return {
    asked,
    series: () => ended,
    reset: () => {
      asked.length = 0;
      ended = 0;
    },
    store: storeThrough(store, async (operation, key, ask) => {
      asked.push(operation);
      const depth = ended + 1;
      const answer = await ask();
      if (!key.startsWith('place ')) ended = Math.max(ended, depth);
      return answer;
    }),
  };
};
