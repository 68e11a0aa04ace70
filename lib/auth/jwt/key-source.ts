import { StsError } from '../../core/errors.ts';
import { readJson } from '../../wire/json.ts';
import { type KeySet, keySet, publicKeys } from './key-set.ts';

/** Where an issuer's keys come from. What becomes of an issuer that cannot be reached is told in docs/callers.md. */
export interface KeySource {
  /** The keys as they are known, fetched where they are not known or no longer fresh. */
  current(now: Date): Promise<KeySet>;
  /** The keys anew, since these lack one; the same keys where it is too soon to ask again. */
  newerThan(missed: KeySet, now: Date): Promise<KeySet>;
}

/** For so long nobody asks again whether the keys have changed. A key taken back may count for as long. */
const freshMilliseconds = 10 * 60_000;
/** For so long after they were last fetched, keys count while the issuer does not answer. */
const staleMilliseconds = 60 * 60_000;
/** After an attempt that failed, none is made for so long: its failure is the answer. */
const pauseMilliseconds = 15_000;
/** Tokens that name unknown keys cost nothing to make, so they cause no more fetches than this in a minute. */
const mostFetches = 4;
const fetchWindowMilliseconds = 60_000;

/** Keys that the configuration has. */
export const keptKeys = (set: KeySet): KeySource => ({ current: async () => set, newerThan: async () => set });

interface Known {
  readonly set: KeySet;
  readonly text: string;
  readonly at: number;
}

const parse = (text: string): KeySet => {
  const jwks = publicKeys(readJson(text));
  if (jwks === undefined) {
    throw new StsError('Misconfigured', 'What an issuer publishes as its keys is no set of public keys.', {
      proofFault: 'KeySetRefused',
    });
  }
  return keySet(jwks);
};

/** Keys that are fetched when they are first wanted, kept, and fetched again in time; by one fetch for all who wait. */
export const fetchedKeys = (fetchText: () => Promise<string>): KeySource => {
  let known: Known | undefined;
  let failed: { readonly at: number; readonly why: unknown } | undefined;
  let flight: Promise<KeySet> | undefined;
  let fetches: number[] = [];

  const fetchNow = async (at: number): Promise<KeySet> => {
    try {
      const text = await fetchText();
      // The same text is the same set: what it has proven need not be proven again.
      known = { text, at, set: known?.text === text ? known.set : parse(text) };
      failed = undefined;
      return known.set;
    } catch (why) {
      failed = { at, why };
      throw why;
    }
  };

  const refresh = (at: number): Promise<KeySet> => {
    if (flight !== undefined) return flight;
    if (failed !== undefined && at - failed.at < pauseMilliseconds) return Promise.reject(failed.why);
    fetches = [...fetches.filter((one) => at - one < fetchWindowMilliseconds), at];
    flight = fetchNow(at).finally(() => {
      flight = undefined;
    });
    return flight;
  };

  return {
    current: async (now) => {
      const at = now.getTime();
      if (known !== undefined && at - known.at < freshMilliseconds) return known.set;
      try {
        return await refresh(at);
      } catch (why) {
        if (known !== undefined && at - known.at < staleMilliseconds) return known.set;
        throw why;
      }
    },

    newerThan: async (missed, now) => {
      const at = now.getTime();
      if (known !== undefined && known.set !== missed) return known.set;
      const recent = fetches.filter((one) => at - one < fetchWindowMilliseconds);
      return flight === undefined && recent.length >= mostFetches ? missed : refresh(at);
    },
  };
};
