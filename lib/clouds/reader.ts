import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { DurationRange, Tag } from '../core/requests.ts';
import { type TagRules, type TextRule, textFault } from '../core/text-rule.ts';
import type { Params } from '../wire/query.ts';

/** What the key and the value of a tag are called. */
type TagNames = readonly [key: string, value: string];

/** The bounds of a whole number, both included. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
}

/** A list of a request, which is absent if it has no members. */
export const someOf = <Item>(list: readonly Item[]): readonly Item[] | undefined =>
  list.length === 0 ? undefined : list;

const missing = (parameter: string): StsError =>
  new StsError('MissingParameter', `${parameter} is missing.`, { parameter });

/** Reads parameters by the caller's own names; a missing or wrong one is an StsError that names the parameter. */
export const reader = (params: Params) => {
  const checked = (name: string, value: string, rule: TextRule): string => {
    const fault = textFault(value, rule);
    if (fault === undefined) return value;
    throw new StsError('InvalidParameter', `${name} ${fault}.`, { parameter: name });
  };

  const optional = (name: string, rule: TextRule = {}): string | undefined => {
    const value = params.get(name);
    return value === undefined || value === '' ? undefined : checked(name, value, rule);
  };

  const narrowing = (name: string, rule: TextRule = {}): string | undefined => {
    const value = params.get(name);
    return value === undefined ? undefined : checked(name, value, { min: 1, ...rule });
  };

  const required = (name: string, rule: TextRule = {}): string => {
    const value = optional(name, rule);
    if (value === undefined) throw missing(name);
    return value;
  };

  const optionalToken = (name: string, rule: TextRule): string | undefined => {
    const value = params.get(name)?.trim() ?? '';
    return value === '' ? undefined : checked(name, value, rule);
  };

  const secondsOf = (name: string, rule: NumberRule): number | undefined => {
    const value = optional(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,9}$/.test(value)) {
      throw new StsError('InvalidParameter', `${name} must be a whole number of seconds.`, { parameter: name });
    }
    const seconds = Number(value);
    if (seconds >= rule.min && seconds <= rule.max) return seconds;
    throw new StsError('InvalidDuration', `${name} must be ${rule.min} to ${rule.max} seconds.`, { parameter: name });
  };

  /**
   * The members of a flattened list, `first` being the index the system counts from: each is given its own name,
   * `prefix.index`, and may ask for `prefix.index.Key` and the like. A gap is refused rather than taken for the end:
   * the members behind it would be lost.
   */
  const list = <Item>(prefix: string, first: 0 | 1, most: number, item: (name: string) => Item): Item[] => {
    const indexes = new Set<string>();
    for (const name of params.keys()) {
      if (name.startsWith(`${prefix}.`)) indexes.add(name.slice(prefix.length + 1).split('.', 1)[0] ?? '');
    }
    if (indexes.size > most) {
      throw new StsError('InvalidParameter', `${prefix} may have at most ${most} members.`, { parameter: prefix });
    }
    return Array.from(indexes, (_, offset) => {
      const index = String(first + offset);
      if (indexes.has(index)) return item(`${prefix}.${index}`);
      throw new StsError(
        'InvalidParameter',
        `The members of ${prefix} must be numbered from ${first}, without a gap.`,
        {
          parameter: prefix,
        },
      );
    });
  };

  return {
    optional,
    required,

    /** For what takes rights away and must not get lost: it may be absent, but not empty. */
    narrowing,

    /** A duration in whole seconds within the system's range. */
    seconds: secondsOf,

    list,

    /** How long is asked for, and what the system gives if nothing is. */
    lifetime: (name: string, range: DurationRange) =>
      omitUndefined({ durationSeconds: secondsOf(name, range), defaultDurationSeconds: range.default }),

    /** A session policy of at most so many characters. */
    policy(name: string, maxCharacters: number, rule?: TextRule): string | undefined {
      const policy = narrowing(name, rule);
      if (policy === undefined || policy.length <= maxCharacters) return policy;
      throw new StsError('PolicyTooLarge', `${name} may have ${maxCharacters} characters.`, { parameter: name });
    },

    /** Tags as a flattened list whose members have a key and maybe a value, by these names; no key may stand twice. */
    tags(prefix: string, first: 0 | 1, [key, value]: TagNames, rules: TagRules): { readonly tags?: readonly Tag[] } {
      const tags = list(prefix, first, rules.most, (name) => ({
        key: required(`${name}.${key}`, rules.key),
        value: optional(`${name}.${value}`, rules.value) ?? '',
      }));
      const sameKey = (text: string) => (rules.ignoresCase ? text.toLowerCase() : text);
      if (new Set(tags.map((tag) => sameKey(tag.key))).size === tags.length) return tags.length === 0 ? {} : { tags };
      const parameter = prefix.split('.', 1)[0] ?? prefix;
      throw new StsError('InvalidParameter', `${parameter} must have unique keys.`, { parameter });
    },

    optionalToken,

    /** A required token, without the newline that `echo` and mounted files end it with, and clients send along. */
    token(name: string, rule: TextRule): string {
      const value = optionalToken(name, rule);
      if (value === undefined) throw missing(name);
      return value;
    },
  };
};

/** What reads one request's parameters. */
export type Reader = ReturnType<typeof reader>;
