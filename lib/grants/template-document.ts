import { holdsExactNumbers } from '../wire/json.ts';
import { compileTemplate, type Filling, fill, type References, referenceForm, type Template } from './template.ts';

/** A JSON document whose texts are templates; names of members are not. */
export type TemplateDocument =
  | Template
  | readonly TemplateDocument[]
  | { readonly members: readonly (readonly [string, TemplateDocument])[] }
  | { readonly value: number | boolean | null };

/** Compiles a document once; reports each reference that is not listed, and of one in a member's name. */
export const compileDocument = (
  value: unknown,
  references: References,
  complain: (why: string) => void,
): TemplateDocument => {
  if (typeof value === 'string') {
    const template = compileTemplate(value, references);
    if ('parts' in template) return template;
    complain(`refers to ${template.unlisted}, which the grant does not list under references`);
    return { value: null };
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
  if ('parts' in document) return fill(document, references, filling);
  if ('value' in document) return document.value;
  return 'members' in document
    ? Object.fromEntries(document.members.map(([name, member]) => [name, filled(member, references, filling)]))
    : document.map((item) => filled(item, references, filling));
};
