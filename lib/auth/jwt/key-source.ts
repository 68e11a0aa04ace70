import { StsError } from '../../core/errors.ts';
import { readJson, withoutByteOrderMark } from '../../wire/json.ts';
import { type KeySet, keySet, publicKeys } from './key-set.ts';

/** Where an issuer's keys come from. docs/callers.md says what happens if an issuer cannot be reached. */
export interface KeySource {
  // Both are told the time by a clock that nobody sets: keys would else be fresh for as long as it was set back.

  /** The keys as they are known, fetched if they are not known or no longer fresh. */
  current(atMs: number): Promise<KeySet>;
  /** The keys fetched again, since these lack one; the same keys if it is too soon to ask again. */
  newerThan(missed: KeySet, atMs: number): Promise<KeySet>;
}

/** For so long the issuer is not asked whether its keys have changed. A revoked key may be accepted for as long. */
const freshMs = 10 * 60_000;
/** For so long after they were last fetched, keys are accepted while the issuer does not answer. */
const staleMs = 60 * 60_000;
/** For so long after a failed fetch there is no other: its failure is the answer. */
const pauseMs = 15_000;
/** Tokens that name unknown keys cost nothing to make, so they cause no more fetches than this in the window. */
const maxFetches = 4;
const fetchWindowMs = 60_000;

/** Keys that are in the configuration. */
export const keptKeys = (set: KeySet): KeySource => ({ current: async () => set, newerThan: async () => set });

interface Known {
  readonly set: KeySet;
  readonly text: string;
  readonly at: number;
}

const parse = (text: string): KeySet => {
  const jwks = publicKeys(readJson(withoutByteOrderMark(text)));
  if (jwks === undefined) {
    throw new StsError('Misconfigured', 'What an issuer publishes as its keys is not a set of public keys.', {
      proofFault: 'KeySetRefused',
    });
  }
  return keySet(jwks);
};

/** Keys that are fetched when they are first needed, kept, and fetched again in time; all that wait share one fetch. */
export const fetchedKeys = (fetchText: () => Promise<string>): KeySource => {
  let known: Known | undefined;
  let failed: { readonly at: number; readonly why: unknown } | undefined;
  let flight: Promise<KeySet> | undefined;
  /** When the last fetches were begun, the latest first. */
  let begun: readonly number[] = [];

  const fetchNow = async (at: number): Promise<KeySet> => {
    try {
      const text = await fetchText();
      // The same text is the same set, which remembers the tokens that it has verified.
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
    if (failed !== undefined && at - failed.at < pauseMs) return Promise.reject(failed.why);
    begun = [at, ...begun].slice(0, maxFetches);
    flight = fetchNow(at).finally(() => {
      flight = undefined;
    });
    return flight;
  };

  return {
    current: async (at) => {
      if (known !== undefined && at - known.at < freshMs) return known.set;
      try {
        return await refresh(at);
      } catch (why) {
        if (known !== undefined && at - known.at < staleMs) return known.set;
        throw why;
      }
    },

    newerThan: async (missed, at) => {
      const set = known?.set ?? missed;
      if (set !== missed) return set;
      const isTooSoon = begun.length === maxFetches && begun.every((one) => at - one < fetchWindowMs);
      return flight === undefined && isTooSoon ? missed : refresh(at);
    },
  };
};
