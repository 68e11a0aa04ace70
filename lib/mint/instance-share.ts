import type { Clock } from '../core/clock.ts';
import type { Store } from '../core/store.ts';

/** What every instance has. */
const least = 1 / 20;
/** The first instances have more: one a quarter, one an eighth, and so on, half of the ceiling together. */
const firstExtra = 1 / 4;
const places = 5;

/** How long a place is claimed, and how often its instance claims it anew while it asks the store. */
const claimMs = 120_000;
const renewMs = 60_000;

/** The share of each ceiling that an instance lets itself have while the store is down, so that all keep to it together. */
export interface InstanceShare {
  /** To be called when the store has answered: takes a place among the first instances, or keeps it. Nobody waits for it. */
  keep(): void;
  /** From 0 to 1. */
  share(): number;
}

/**
 * The shares of instances that cannot ask each other. An instance does not know how many others there are, so all have
 * little; while the store answers, the first few claim places there that give them more. Up to ten instances never pass
 * a ceiling together.
 *
 * @example
 * const instance = instanceShare(store, clock);
 * instance.keep();
 * const calls = ceiling * instance.share();
 */
export const instanceShare = (store: Store, clock: Pick<Clock, 'now' | 'monotonicMs'>): InstanceShare => {
  let place: number | undefined;
  let renewAt = Number.NEGATIVE_INFINITY;

  const claim = async (): Promise<void> => {
    const until = new Date(clock.now().getTime() + claimMs);
    if (place !== undefined) await store.release(`place ${place}`);
    for (let next = 0; next < places; next++) {
      const isOurs = await store.acquire(`place ${next}`, until);
      // What is ours stays ours if the store went down: nobody else can claim it.
      if (isOurs === undefined) return;
      if (isOurs) {
        place = next;
        return;
      }
    }
    place = undefined;
  };

  return {
    keep: () => {
      const at = clock.monotonicMs();
      if (at < renewAt) return;
      renewAt = at + renewMs;
      void claim();
    },
    share: () => least + (place === undefined ? 0 : firstExtra / 2 ** place),
  };
};
