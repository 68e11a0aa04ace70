import type { Store } from '../../../../lib/core/store.ts';
import { guardStore } from '../../../../lib/stores/guard-store.ts';
import { memoryStore } from '../../../../lib/stores/memory.ts';
import { storeBreaker } from '../../../../lib/stores/store-breaker.ts';
import type { VirtualClock } from '../../clock.ts';
import { storeThrough } from '../../store-wrappers.ts';
import type { Tally } from './tally.ts';

/** One key of the store, and how often it was asked for in the busiest second of its kind. */
export interface HotKey {
  readonly kind: string;
  readonly perSecond: number;
  readonly atMs: number;
}

/** A store that every instance of a fleet shares, over a network. */
export interface SharedStore {
  /** The store as one instance has it: with a guard and a breaker of its own. */
  connect(): Store;
  /** Answers nothing meanwhile: each request ends by its timeout. */
  down: boolean;
  /** The key that was asked for most in a second, by kind of key and of request. */
  hottest(): readonly HotKey[];
}

const timeoutMs = 500;
const minLatencyMs = 1;
const maxLatencyMs = 4;

/** `credentials X` is of the kind `credentials`; what follows is the key. */
const kindOf = (key: string): string => key.split(' ', 1)[0] ?? '';

/** Counts each request by its name, and the unit that DynamoDB would charge for it. */
export const sharedStore = (clock: VirtualClock, tally: Tally): SharedStore => {
  const kept = memoryStore(clock.now, 4_000_000);
  const hottest = new Map<string, HotKey>();
  const counters = new Map<string, string>();
  let second = -1;
  const inSecond = new Map<string, number>();

  const heat = (request: string, key: string): void => {
    const atMs = clock.monotonicMs();
    if (Math.floor(atMs / 1000) !== second) {
      second = Math.floor(atMs / 1000);
      inSecond.clear();
    }
    const name = `${request} ${key}`;
    const perSecond = (inSecond.get(name) ?? 0) + 1;
    inSecond.set(name, perSecond);
    const kind = `${request} ${kindOf(key)}`;
    if (perSecond > (hottest.get(kind)?.perSecond ?? 0)) hottest.set(kind, { kind, perSecond, atMs });
  };

  const shared: SharedStore = {
    down: false,
    hottest: () => [...hottest.values()].sort((one, other) => other.perSecond - one.perSecond),
    connect: () => {
      const ask = async <Value>(request: string, key: string, act: () => Promise<Value>): Promise<Value> => {
        tally.add('store');
        tally.add(`store ${request} ${kindOf(key)}`);
        heat(request, key);
        if (shared.down) {
          await clock.sleep(timeoutMs);
          throw new Error('The store did not answer in time.');
        }
        await clock.sleep(minLatencyMs + Math.floor(clock.chance() * (maxLatencyMs - minLatencyMs + 1)));
        return act();
      };
      const counted: Store = {
        ...kept,
        consume: async (key, amount, limit, expiration) => {
          const granted = await kept.consume(key, amount, limit, expiration);
          if (granted !== undefined && granted < amount) tally.add('store consume refused');
          // A counter is of one second; the first that asks for it makes it.
          const counter = key.slice(0, key.lastIndexOf(' '));
          if (counters.get(counter) !== key) tally.add('store consume begun');
          counters.set(counter, key);
          return granted;
        },
      };
      return guardStore(storeThrough(counted, ask), { breaker: storeBreaker(clock) });
    },
  };
  return shared;
};
