import type { PolicyFault, PolicyGrammar, PolicyReading, Statement } from '../core/policy.ts';
import { member } from '../wire/json.ts';
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

const documentElements = new Set(['Version', 'Statement']);
const statementElements = new Set(['Effect', 'Action', 'Resource']);
const actionForm = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?-]+)$/;
// ucs:<product>:<region>:<company id>:<type>/<id>, any part of which may be empty or a pattern.
const resourceForm = /^(\*|ucs:[^\s:]*:[^\s:]*:[^\s:]*:\S.*)$/s;

/**
 * Reads a session policy in the grammar of UCloud's IAM: a version, and statements of an effect, actions and resources.
 * https://ucloud-global.com/en/docs/uproject/policy and the documentation of `ucloud_iam_policy_document`.
 *
 * From those pages: Version `"1"`, `Allow` and `Deny`, `*` and `uhost:DescribeUHostInstance` as actions, `*` and
 * `ucs:uhost:*:<company id>:instance/uhost-xxx` as resources. Inferred: that wildcards may stand inside an action or
 * a resource, that a lone string may stand for a list of one, and that there are no further elements. A Condition is
 * refused for being undocumented: to pass over one would be to widen the policy.
 */
export const readUcloud = (text: string): PolicyReading => readDocument(text, rules);

const statement = (item: Record<string, unknown>): Statement | PolicyFault => {
  if (unknownMember(item, statementElements) !== undefined) {
    return syntax('A Statement has an element that the grammar does not know.');
  }
  const effect = member(item, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny') return element('The Effect must be Allow or Deny.');
  const actions = strings(member(item, 'Action'));
  if (actions === undefined) return element('A Statement must have an Action.');
  if (!actions.every((action) => actionForm.test(action))) return element('An Action must be written product:Action.');
  const resources = strings(member(item, 'Resource'));
  if (resources === undefined) return element('A Statement must have a Resource.');
  if (!resources.every((name) => resourceForm.test(name))) return resource('A Resource must be a URN or *.');
  return {
    effect: effect === 'Allow' ? 'allow' : 'deny',
    actions,
    exceptActions: false,
    resources: resources.map((name) => whatever(name, effect === 'Deny')),
    exceptResources: false,
    conditional: false,
  };
};

const rules: DocumentRules = {
  elements: documentElements,
  statements: 'Statement',
  fault: (document) =>
    member(document, 'Version') === '1' ? undefined : syntax('The Version of the policy must be "1".'),
  statement,
};

/** The grammar of UCloud's IAM. */
export const ucloudGrammar: PolicyGrammar = {
  name: 'ucloud',
  read: readUcloud,
  example: {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: ['us3:GetFile'], Resource: ['*'] }],
  },
};
