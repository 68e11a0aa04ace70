import type { Clock } from '../core/clock.ts';
import { type CountedDurations, countDurations, type Durations } from '../core/durations.ts';
import { StsError } from '../core/errors.ts';
import type { CacheCounts } from './cache.ts';
import type { Source } from './source.ts';

/** What happened to an account. */
export interface Counted {
  readonly account: string;
  /** How it ended: `Done`, or the code of an error. */
  readonly outcome: string;
  readonly durations: Durations;
}

/** What minting has done so far. Every name in it comes from the configuration or from a closed table. */
export interface MintStats {
  readonly cache: Readonly<CacheCounts>;
  readonly entries: number;
  /** Calls to the clouds. */
  readonly calls: readonly Counted[];
  /** Waits for the quota. */
  readonly waits: readonly Counted[];
  /** By account that was asked so far, whether its circuit is open. */
  readonly open: ReadonlyMap<string, boolean>;
}

export interface Counters {
  readonly entries: readonly Counted[];
  /** Counts an act for an account, by how it ended, and how long it took. */
  timed<Result>(account: string, act: () => Promise<Result>): Promise<Result>;
  /** A source whose calls are counted. */
  counted(source: Source): Source;
}

/**
 * Counts by account and outcome.
 *
 * @example
 * const calls = counters(clock);
 * const source = calls.counted(clouds.credentials);
 */
export const counters = (clock: Clock): Counters => {
  const entries: (Counted & { readonly durations: CountedDurations })[] = [];
  const durationsOf = (account: string, outcome: string): CountedDurations => {
    const known = entries.find((entry) => entry.account === account && entry.outcome === outcome);
    if (known !== undefined) return known.durations;
    const durations = countDurations();
    entries.push({ account, outcome, durations });
    return durations;
  };
  const timed: Counters['timed'] = async (account, act) => {
    const began = clock.monotonicMs();
    const end = (outcome: string): void => durationsOf(account, outcome).add(clock.monotonicMs() - began);
    try {
      const result = await act();
      end('Done');
      return result;
    } catch (thrown) {
      end(StsError.from(thrown).code);
      throw thrown;
    }
  };
  return {
    entries,
    timed,
    counted: (source) => (request, deadline) => timed(request.account, () => source(request, deadline)),
  };
};
