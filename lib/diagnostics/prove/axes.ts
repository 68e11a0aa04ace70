import { exactly, type Language, union } from '../../grants/prove/language.ts';
import type { AxisSet, MemberSet } from '../../grants/prove/set.ts';

// The axes of what a grant admits. Those of names and of numbers stand in every product; `role` and `lease` in those of
// operations that name one; `claim NAME` wherever a claim is asked about.

/** The axis of a claim. `/sub` is another way to write `sub`. */
export const claimAxis = (name: string): string => `claim ${name.replace(/^\/([^/~]*)$/, '$1')}`;

/** The name of the claim of an axis; undefined if it is none of a claim. */
export const claimOfAxis = (axis: string): string | undefined =>
  axis.startsWith('claim ') ? axis.slice('claim '.length) : undefined;

export const names = (...list: readonly string[]): AxisSet => ({ kind: 'names', names: new Set(list) });

export const numbers = (first: bigint, last: bigint): AxisSet => ({
  kind: 'numbers',
  intervals: first > last ? [] : [[first, last]],
});

export const texts = (language: Language): AxisSet => ({ kind: 'texts', language });

const members = new WeakMap<Language, MemberSet>();

/** Claims of which any member is in the language: the same set for the same language, so that it is searched once. */
export const member = (language: Language): MemberSet => {
  const set = members.get(language) ?? { kind: 'members', some: [language], never: [] };
  members.set(language, set);
  return set;
};

/** Languages of patterns, each made once, so that what two rules have in common is seen to be the same. */
export interface Languages {
  matching(patterns: readonly string[]): Language;
  exactly(texts: readonly string[]): Language;
}

export const languages = (): Languages => {
  const made = new Map<string, Language>();
  const once = (key: string, make: () => Language): Language => {
    const known = made.get(key) ?? make();
    made.set(key, known);
    return known;
  };
  return {
    matching: (patterns) => once(JSON.stringify(['matching', patterns]), () => union(patterns)),
    exactly: (list) => once(JSON.stringify(['exactly', list]), () => exactly(list)),
  };
};

/** The longest that a duration may be in a configuration, in seconds. */
export const maxDurationSeconds = 604_800n;
