import type { Caller } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import { holdsExactNumbers } from '../wire/json.ts';
import { claimOf, claimTexts } from './claims.ts';

/** The references that a grant's templates may make, each with the characters it may bring beyond the harmless ones. */
export type References = ReadonlyMap<string, string>;

/** A text with `${…}` in it, taken apart once. */
export interface Template {
  /** Literal texts and the names of references in turn, beginning and ending with a literal. */
  readonly parts: readonly string[];
}

/** A value with more is no name of anything. */
const maxValueLength = 256;

const referenceForm = /\$\{([^{}]*)\}/;

/** The template of a text, or the name of a reference in it that the grant does not list. */
export const compileTemplate = (text: string, references: References): Template | { readonly unlisted: string } => {
  const parts = text.split(new RegExp(referenceForm, 'g'));
  for (let index = 1; index < parts.length; index += 2) {
    const name = parts[index] ?? '';
    if (!references.has(name)) return { unlisted: name };
  }
  return { parts };
};

/** What templates are filled from. */
export interface Filling {
  readonly caller: Caller;
  /** As the caller asked for it. */
  readonly sessionName?: string;
}

const filler = (name: string, { caller, sessionName }: Filling): string | undefined => {
  if (name === 'caller') return caller.name;
  if (name === 'sessionName') return sessionName;
  if (!name.startsWith('claims.')) return undefined;
  const texts = claimTexts(claimOf(caller.claims ?? {}, name.slice('claims.'.length)));
  // A list of several would make the meaning depend on their order.
  return texts.length === 1 ? texts[0] : undefined;
};

const dangerous = ['*', '?', '/', ':', '\\'];

/**
 * Whether a value may be put into a document. Wildcards would widen it, separators would move it to another segment,
 * `${` would make the cloud read a variable of its own, and an empty one would leave a wildcard behind a bare prefix.
 */
const isHarmless = (value: string, allowed: string): boolean =>
  value !== '' &&
  value.length <= maxValueLength &&
  value.isWellFormed() &&
  !value.includes('..') &&
  !value.includes('${') &&
  !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value) &&
  dangerous.every((character) => !value.includes(character) || allowed.includes(character));

/** The text of a template for one request; an StsError if a value is missing or is not allowed there. */
export const fill = ({ parts }: Template, references: References, filling: Filling): string =>
  parts
    .map((part, index) => {
      if (index % 2 === 0) return part;
      const value = filler(part, filling);
      if (value !== undefined && isHarmless(value, references.get(part) ?? '')) return value;
      throw new StsError('AccessDenied', `A template of the grant cannot be filled with ${part}.`, {
        reason: 'TemplateRefused',
      });
    })
    .join('');

/** A JSON document whose texts are templates; names of members are not. */
export type TemplateDocument =
  | Template
  | readonly TemplateDocument[]
  | { readonly members: readonly (readonly [string, TemplateDocument])[] }
  | { readonly value: number | boolean | null };

/** Takes a document apart once; complains of each reference that is not listed, and of one in a member's name. */
export const compileDocument = (
  value: unknown,
  references: References,
  complain: (why: string) => void,
): TemplateDocument => {
  if (typeof value === 'string') {
    const template = compileTemplate(value, references);
    if ('parts' in template) return template;
    complain(`refers to ${template.unlisted}, which the grant does not list under references`);
    return { parts: [''] };
  }
  if (Array.isArray(value)) return value.map((item) => compileDocument(item, references, complain));
  if (typeof value === 'object' && value !== null) {
    return {
      members: Object.entries(value).map(([name, member]) => {
        if (referenceForm.test(name)) complain('has a reference in the name of a member; only texts may have one');
        return [name, compileDocument(member, references, complain)] as const;
      }),
    };
  }
  if (!holdsExactNumbers(value)) complain('holds a number that JSON readers round; write it as text');
  return { value: value as number | boolean | null };
};

/** The JSON text of a document for one request. Values are escaped as JSON has it, so none can leave its string. */
export const fillDocument = (document: TemplateDocument, references: References, filling: Filling): string =>
  JSON.stringify(filled(document, references, filling));

const filled = (document: TemplateDocument, references: References, filling: Filling): unknown => {
  if (Array.isArray(document)) return document.map((item) => filled(item, references, filling));
  if ('parts' in document) return fill(document, references, filling);
  if ('value' in document) return document.value;
  if (!('members' in document)) return undefined;
  return Object.fromEntries(document.members.map(([name, member]) => [name, filled(member, references, filling)]));
};
