import { isObject } from '../wire/json.ts';

/** One statement of a policy, whatever its grammar calls the parts. */
export interface Statement {
  readonly effect: 'allow' | 'deny';
  /** Patterns; with `except`, all but these. */
  readonly actions: readonly string[];
  readonly exceptActions: boolean;
  readonly resources: readonly string[];
  readonly exceptResources: boolean;
  /** Whether conditions stand with it. They are not evaluated: see `permits`. */
  readonly conditional: boolean;
}

/** Why a text is no policy of its grammar. */
export interface PolicyFault {
  /** `syntax`: not the document at all; `element`: a part that may not be there or holds what it may not; `resource`. */
  readonly fault: 'syntax' | 'element' | 'resource';
  /** One sentence of ours, holding nothing of the text. */
  readonly why: string;
}

/** The statements of a policy, or why it is none. */
export type PolicyReading = { readonly statements: readonly Statement[] } | PolicyFault;

/** Not the document at all. */
export const syntax = (why: string): PolicyFault => ({ fault: 'syntax', why });
/** A part that may not be there, or holds what it may not. */
export const element = (why: string): PolicyFault => ({ fault: 'element', why });
/** A resource that is not of its form. */
export const resource = (why: string): PolicyFault => ({ fault: 'resource', why });

/** A string, or a list of strings that is not empty, as a list; `undefined` for anything else. */
export const strings = (value: unknown): readonly string[] | undefined => {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((item): item is string => typeof item === 'string') ? value : undefined;
};

/** A statement, or a list of them that is not empty. */
export const statementList = (value: unknown): readonly Record<string, unknown>[] | undefined => {
  const list = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every(isObject) ? list : undefined;
};

/** The first name of the object that is not among those allowed. */
export const stranger = (object: Record<string, unknown>, allowed: ReadonlySet<string>): string | undefined =>
  Object.keys(object).find((name) => !allowed.has(name));
