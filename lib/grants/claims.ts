import { isObject } from '../wire/json.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** What one claim must be like: any of these patterns. */
export interface ClaimRule {
  readonly name: string;
  readonly patterns: readonly Pattern[];
}

export const claimRule = (name: string, written: readonly string[]): ClaimRule => ({
  name,
  patterns: written.map(compilePattern),
});

/**
 * The claim of that name: an own member of the token, or with a leading `/` a JSON Pointer into it (RFC 6901), as for
 * `/kubernetes.io/namespace`.
 */
export const claimOf = (claims: Readonly<Record<string, unknown>>, name: string): unknown => {
  const path = name.startsWith('/')
    ? name
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    : [name];
  let value: unknown = claims;
  for (const part of path) value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  return value;
};

/**
 * The texts of a claim: of a list, each of its members. What is neither text, number nor boolean has none. Nor does a
 * number that only a platform has read, if it may have been rounded: two claims would have one text.
 */
export const claimTexts = (value: unknown): readonly string[] => {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((item) =>
    typeof item === 'string' ? [item] : typeof item === 'boolean' || Number.isSafeInteger(item) ? [String(item)] : [],
  );
};

/** Whether any text of the claim matches one of the patterns. */
export const meetsClaim = (claims: Readonly<Record<string, unknown>>, rule: ClaimRule): boolean =>
  claimTexts(claimOf(claims, rule.name)).some((text) => rule.patterns.some((matches) => matches(text)));

/** The class of a value, for a trace: enough to correct a configuration, too little to reveal the value. */
export const classOf = (value: unknown): string => {
  if (value === undefined || value === null) return 'absent';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'empty text' : `another text, of ${value.length} characters`;
  return typeof value === 'object' ? 'an object' : `another ${typeof value}`;
};
