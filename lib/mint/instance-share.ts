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
  let place: { readonly index: number; readonly until: Date } | undefined;
  let renewAt = Number.NEGATIVE_INFINITY;
  let isDown = false;

  /** An instance that asked nothing for long may have lost its place to another. */
  const forgetExpired = (): void => {
    if (place !== undefined && place.until <= clock.now()) place = undefined;
  };

  const claim = async (): Promise<void> => {
    forgetExpired();
    const until = new Date(clock.now().getTime() + claimMs);
    if (place !== undefined) await store.release(`place ${place.index}`);
    for (let index = 0; index < places; index++) {
      const isOurs = await store.acquire(`place ${index}`, until);
      // What is ours stays ours if the store went down: nobody else can claim it.
      if (isOurs === undefined) return;
      if (isOurs) {
        place = { index, until };
        return;
      }
    }
    place = undefined;
  };

  return {
    keep: () => {
      isDown = false;
      const at = clock.monotonicMs();
      if (at < renewAt) return;
      renewAt = at + renewMs;
      void claim();
    },
    share: () => {
      // From when the store is down on, a place that is still ours stays ours however long that takes.
      if (!isDown) forgetExpired();
      isDown = true;
      return least + (place === undefined ? 0 : firstExtra / 2 ** place.index);
    },
  };
};
