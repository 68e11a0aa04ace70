import { type Intervals, intersectIntervals, subtractIntervals } from './intervals.ts';
import { difference, intersection, type Language } from './language.ts';

/** A set along one axis of what a grant admits. */
export type AxisSet =
  | { readonly kind: 'names'; readonly names: ReadonlySet<string> }
  | { readonly kind: 'numbers'; readonly intervals: Intervals }
  | { readonly kind: 'texts'; readonly language: Language }
  | MemberSet;

/**
 * A claim that may be a list. It is in the set if, for each of `some`, any of its members is in that language, and if
 * for each of `never` no member is.
 */
export interface MemberSet {
  readonly kind: 'members';
  readonly some: readonly Language[];
  readonly never: readonly Language[];
  /** How many members it has, if that matters; absent is any number. */
  readonly count?: 'one' | 'several';
}

/** No text. */
const nothing: Language = { some: [[]], none: [] };

/** What is in both. Sets of one axis are of one kind. */
export const intersectSets = (one: AxisSet, other: AxisSet): AxisSet => {
  if (one.kind === 'names' && other.kind === 'names') {
    return { kind: 'names', names: new Set([...one.names].filter((name) => other.names.has(name))) };
  }
  if (one.kind === 'numbers' && other.kind === 'numbers') {
    return { kind: 'numbers', intervals: intersectIntervals(one.intervals, other.intervals) };
  }
  if (one.kind === 'texts' && other.kind === 'texts') {
    return { kind: 'texts', language: intersection(one.language, other.language) };
  }
  if (one.kind === 'members' && other.kind === 'members') {
    const count = one.count ?? other.count;
    if (count !== (other.count ?? count)) return { kind: 'members', some: [nothing], never: [] };
    const some = [...new Set([...one.some, ...other.some])];
    const never = [...new Set([...one.never, ...other.never])];
    return { kind: 'members', some, never, ...(count === undefined ? {} : { count }) };
  }
  throw new TypeError(`An axis has sets of one kind: ${one.kind} and ${other.kind} are two.`);
};

/** What is in the one and not in the other, as sets that together are all of it. */
export const subtractSets = (one: AxisSet, other: AxisSet): readonly AxisSet[] => {
  if (one.kind === 'names' && other.kind === 'names') {
    return [{ kind: 'names', names: new Set([...one.names].filter((name) => !other.names.has(name))) }];
  }
  if (one.kind === 'numbers' && other.kind === 'numbers') {
    return [{ kind: 'numbers', intervals: subtractIntervals(one.intervals, other.intervals) }];
  }
  if (one.kind === 'texts' && other.kind === 'texts') {
    return difference(one.language, other.language).map((language) => ({ kind: 'texts', language }));
  }
  if (one.kind === 'members' && other.kind === 'members') {
    const complements: MemberSet[] = [
      ...other.some.map((language): MemberSet => ({ kind: 'members', some: [], never: [language] })),
      ...other.never.map((language): MemberSet => ({ kind: 'members', some: [language], never: [] })),
    ];
    if (other.count !== undefined) {
      const count = other.count === 'one' ? 'several' : 'one';
      complements.push({ kind: 'members', some: [], never: [], count });
    }
    return complements.map((complement) => intersectSets(one, complement));
  }
  throw new TypeError(`An axis has sets of one kind: ${one.kind} and ${other.kind} are two.`);
};

/** Whether a set is seen to be empty without a search. */
export const isPlainlyEmpty = (set: AxisSet): boolean =>
  (set.kind === 'names' && set.names.size === 0) || (set.kind === 'numbers' && set.intervals.length === 0);
