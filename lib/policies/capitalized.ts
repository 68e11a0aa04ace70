import type { PolicyFault, PolicyGrammar, Statement } from '../core/policy.ts';
import { isObject, member } from '../wire/json.ts';
import {
  type DocumentRules,
  element,
  readDocument,
  resource,
  strings,
  syntax,
  unknownMember,
  whatever,
} from './document.ts';

/** What tells one grammar of the family from another. */
export interface CapitalizedRules extends Pick<PolicyGrammar, 'name' | 'example'> {
  /** Every name that the document may have. */
  readonly elements: readonly string[];
  /** Names that a statement may have besides `Effect`, `Action`, `Resource` and `Condition`. */
  readonly statementElements: readonly ('Sid' | 'NotAction' | 'NotResource')[];
  /** The versions that a document may name, and whether it must; empty if the grammar has none. */
  readonly versions: readonly string[];
  readonly versionRequired: boolean;
  readonly actionForm: RegExp;
  readonly resourceForm: RegExp;
  /** What each form is, in a sentence for who wrote another. */
  readonly forms: { readonly action: string; readonly resource: string };
  /** Whether a statement without a resource is about all of them. */
  readonly resourceOptional: boolean;
}

/**
 * A grammar that took the elements of AWS IAM over, capitals included: Version, Statement, Effect, Action, Resource,
 * Condition. A session policy names no principal: it belongs to the session.
 */
export const capitalizedGrammar = (rules: CapitalizedRules): PolicyGrammar => {
  const document = documentRules(rules);
  return { name: rules.name, example: rules.example, read: (text) => readDocument(text, document) };
};

const documentRules = (rules: CapitalizedRules): DocumentRules => {
  const statementElements = new Set(['Effect', 'Action', 'Resource', 'Condition', ...rules.statementElements]);
  return {
    elements: new Set(rules.elements),
    statements: 'Statement',
    fault: (document) => {
      const version = member(document, 'Version');
      const known = version === undefined ? !rules.versionRequired : rules.versions.some((each) => each === version);
      return known ? undefined : syntax(`The Version of the policy must be ${rules.versions.join(' or ')}.`);
    },
    statement: (item) => statement(item, statementElements, rules),
  };
};

const statement = (
  item: Record<string, unknown>,
  elements: ReadonlySet<string>,
  rules: CapitalizedRules,
): Statement | PolicyFault => {
  if (member(item, 'Principal') !== undefined || member(item, 'NotPrincipal') !== undefined) {
    return element('A session policy must not have a Principal.');
  }
  if (unknownMember(item, elements) !== undefined) {
    return syntax('A Statement has an element that the grammar does not know.');
  }
  const effect = member(item, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny') return element('The Effect must be Allow or Deny.');
  const actions = oneOf(item, 'Action', 'NotAction');
  if (actions === undefined) return element('A Statement must have one of Action and NotAction.');
  if (!actions.values.every((action) => rules.actionForm.test(action))) return element(rules.forms.action);
  const resources = namesNone(item) && rules.resourceOptional ? all : oneOf(item, 'Resource', 'NotResource');
  if (resources === undefined) return element('A Statement must have one of Resource and NotResource.');
  if (!resources.values.every((name) => rules.resourceForm.test(name))) return resource(rules.forms.resource);
  const condition = member(item, 'Condition');
  if (condition !== undefined && !isObject(condition)) return element('A Condition must be an object.');
  return {
    effect: effect === 'Allow' ? 'allow' : 'deny',
    actions: actions.values,
    exceptActions: actions.except,
    resources: resources.values.map((name) => whatever(name, (effect === 'Deny') !== resources.except)),
    exceptResources: resources.except,
    conditional: condition !== undefined,
  };
};

interface Named {
  readonly values: readonly string[];
  readonly except: boolean;
}

const all: Named = { values: ['*'], except: false };

const namesNone = (item: Record<string, unknown>): boolean =>
  member(item, 'Resource') === undefined && member(item, 'NotResource') === undefined;

const oneOf = (item: Record<string, unknown>, name: string, exceptName: string): Named | undefined => {
  const [plain, except] = [member(item, name), member(item, exceptName)];
  if ((plain === undefined) === (except === undefined)) return undefined;
  const values = strings(plain ?? except);
  return values === undefined ? undefined : { values, except: plain === undefined };
};
