import { readUnambiguousJson } from '../wire/exact-json.ts';
import { isObject, member } from '../wire/json.ts';

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
const statementList = (value: unknown): readonly Record<string, unknown>[] | undefined => {
  const list = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every(isObject) ? list : undefined;
};

/** The first name of the object that is not among those allowed. */
export const stranger = (object: Record<string, unknown>, allowed: ReadonlySet<string>): string | undefined =>
  Object.keys(object).find((name) => !allowed.has(name));

/** What one grammar makes of the document that all of them are. */
export interface Grammar {
  /** Every name that the document itself may have. */
  readonly elements: ReadonlySet<string>;
  /** The one of them that holds the statements. */
  readonly statements: string;
  /** What is amiss with the document besides; `undefined` where nothing is. */
  fault(document: Record<string, unknown>): PolicyFault | undefined;
  statement(item: Record<string, unknown>): Statement | PolicyFault;
}

/**
 * Reads a policy by a grammar. A text that names a member twice is no policy: the cloud that enforces it could take the
 * other one.
 */
export const readDocument = (text: string, grammar: Grammar): PolicyReading => {
  const document = readUnambiguousJson(text);
  if (!isObject(document)) return syntax('The policy must be a JSON object that names nothing twice.');
  if (stranger(document, grammar.elements) !== undefined) {
    return syntax('The policy has an element that the grammar does not know.');
  }
  const fault = grammar.fault(document);
  if (fault !== undefined) return fault;
  const list = statementList(member(document, grammar.statements));
  if (list === undefined) return syntax(`The policy must have at least one ${grammar.statements}.`);
  const statements: Statement[] = [];
  for (const item of list) {
    const read = grammar.statement(item);
    if ('fault' in read) return read;
    statements.push(read);
  }
  return { statements };
};
