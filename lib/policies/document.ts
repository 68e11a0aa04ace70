import type { PolicyFault, PolicyReading, Statement } from '../core/policy.ts';
import { readUnambiguousJson } from '../wire/exact-json.ts';
import { isObject, member } from '../wire/json.ts';

/** Not the document at all. */
export const syntax = (why: string): PolicyFault => ({ fault: 'syntax', why });
/** A part that may not be there, or holds what it may not. */
export const element = (why: string): PolicyFault => ({ fault: 'element', why });
/** A resource that is not of its form. */
export const resource = (why: string): PolicyFault => ({ fault: 'resource', why });

/** Returns a string or a list of strings that is not empty as a list, and undefined for anything else. */
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

/** The first member of the object that is not among those allowed. */
export const unknownMember = (object: Record<string, unknown>, allowed: ReadonlySet<string>): string | undefined =>
  Object.keys(object).find((name) => !allowed.has(name));

/**
 * What a policy variable stands for is not known here, so a resource with one is taken for every resource if that takes
 * away, and for itself, which is the name of nothing, if it would give. Every grammar writes them so: `${aws:username}`,
 * `${owner_uin}`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 * https://cloud.tencent.com/document/product/598/10607
 */
export const whatever = (name: string, takesAway: boolean): string => (takesAway && name.includes('${') ? '*' : name);

/** What one grammar adds to the form that all policies share. */
export interface DocumentRules {
  /** Every name that the document itself may have. */
  readonly elements: ReadonlySet<string>;
  /** The one of them that holds the statements. */
  readonly statements: string;
  /** What else is wrong with the document; returns undefined if nothing is. */
  fault(document: Record<string, unknown>): PolicyFault | undefined;
  statement(item: Record<string, unknown>): Statement | PolicyFault;
}

/**
 * Reads a policy by the rules of a grammar. A text that names a member twice is refused: the cloud that enforces it
 * could use the other value.
 */
export const readDocument = (text: string, rules: DocumentRules): PolicyReading => {
  const document = readUnambiguousJson(text);
  if (!isObject(document)) return syntax('The policy must be a JSON object that names nothing twice.');
  if (unknownMember(document, rules.elements) !== undefined) {
    return syntax('The policy has an element that the grammar does not know.');
  }
  const fault = rules.fault(document);
  if (fault !== undefined) return fault;
  const list = statementList(member(document, rules.statements));
  if (list === undefined) return syntax(`The policy must have at least one ${rules.statements}.`);
  const statements: Statement[] = [];
  for (const item of list) {
    const read = rules.statement(item);
    if ('fault' in read) return read;
    statements.push(read);
  }
  return { statements };
};
