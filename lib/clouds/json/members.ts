import type { Tag } from '../../core/requests.ts';
import { holdsExactNumbers, isObject } from '../../wire/json.ts';

/** Refuses a member in these words, which never quote what was sent. */
export type Refuse = (words: string) => never;

/** What a member may be, in data, so that whoever describes the API has it from here. */
export type MemberLimits =
  | { readonly kind: 'text'; readonly maxLength: number; readonly pattern?: RegExp }
  | { readonly kind: 'seconds'; readonly max: number }
  | { readonly kind: 'policy'; readonly maxLength: number }
  | { readonly kind: 'texts'; readonly maxLength: number; readonly maxItems: number }
  | { readonly kind: 'tags'; readonly maxTags: number; readonly maxKeyLength: number; readonly maxValueLength: number };

/** One member of a body: what it may be, and how it is read. */
export interface Member<Value> {
  readonly limits: MemberLimits;
  readonly isOptional: boolean;
  read(value: unknown, refuse: Refuse): Value;
}

type ValueOf<One> = One extends Member<infer Value> ? Value : never;

/** What the members of a body are read as. Those that may be left out are absent then. */
export type ValuesOf<Members> = {
  readonly [Name in keyof Members as undefined extends ValueOf<Members[Name]> ? never : Name]: ValueOf<Members[Name]>;
} & {
  readonly [Name in keyof Members as undefined extends ValueOf<Members[Name]> ? Name : never]?: Exclude<
    ValueOf<Members[Name]>,
    undefined
  >;
};

export const optional = <Value>(member: Member<Value>): Member<Value | undefined> => ({ ...member, isOptional: true });

const readText = (value: unknown, maxLength: number, refuse: Refuse): string => {
  if (typeof value !== 'string') return refuse('must be text');
  if (value.length < 1 || value.length > maxLength) return refuse(`must have 1 to ${maxLength} characters`);
  return value;
};

export const text = (maxLength: number, pattern?: RegExp): Member<string> => ({
  limits: { kind: 'text', maxLength, ...(pattern && { pattern }) },
  isOptional: false,
  read: (value, refuse) => {
    const read = readText(value, maxLength, refuse);
    return pattern === undefined || pattern.test(read) ? read : refuse('holds characters it may not hold');
  },
});

export const texts = (maxLength: number, maxItems: number): Member<readonly string[]> => ({
  limits: { kind: 'texts', maxLength, maxItems },
  isOptional: false,
  read: (value, refuse) => {
    if (!Array.isArray(value)) return refuse('must be a list');
    const read = value.map((each: unknown) => readText(each, maxLength, refuse));
    return read.length > maxItems ? refuse(`must have at most ${maxItems} members`) : read;
  },
});

/** A whole number, or its digits: a query has no numbers. */
export const seconds = (max: number): Member<number> => ({
  limits: { kind: 'seconds', max },
  isOptional: false,
  read: (value, refuse) => {
    const read = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    return typeof read === 'number' && Number.isInteger(read) && read >= 1 && read <= max
      ? read
      : refuse(`must be a whole number of seconds from 1 to ${max}`);
  },
});

/** The cloud's own document, as an object or as its text. */
export const policy = (maxLength: number): Member<string> => ({
  limits: { kind: 'policy', maxLength },
  isOptional: false,
  read: (value, refuse) => {
    if (typeof value !== 'string' && !isObject(value)) return refuse('must be a document or its text');
    // A number that was rounded would be another policy. The text of the document says it exactly.
    if (!holdsExactNumbers(value)) return refuse('holds a number that JSON readers round; give the document as text');
    return readText(typeof value === 'string' ? value : JSON.stringify(value), maxLength, refuse);
  },
});

export const tags = (maxTags: number, maxKeyLength: number, maxValueLength: number): Member<readonly Tag[]> => ({
  limits: { kind: 'tags', maxTags, maxKeyLength, maxValueLength },
  isOptional: false,
  read: (value, refuse) => {
    if (!isObject(value)) return refuse('must be an object of texts');
    const read = Object.entries(value).map(([key, each]): Tag => {
      const isTag =
        key !== '' && key.length <= maxKeyLength && typeof each === 'string' && each.length <= maxValueLength;
      if (isTag) return { key, value: each };
      return refuse(`must have keys of 1 to ${maxKeyLength} characters and values of at most ${maxValueLength}`);
    });
    return read.length > maxTags ? refuse(`must have at most ${maxTags} members`) : read;
  },
});
