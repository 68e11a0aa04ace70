import type { PolicyFault, PolicyGrammar, PolicyReading, Statement } from '../core/policy.ts';
import { isObject, member } from '../wire/json.ts';
import { type DocumentRules, element, readDocument, resource, strings, syntax, unknownMember } from './document.ts';

const documentElements = new Set(['Version', 'Id', 'Statement']);
const statementElements = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']);
const actionForm = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?-]+)$/;
// ARNs have six segments; Dell ECS writes its own as urn:.
const resourceForm = /^(\*|(arn|urn):[^\s:]*:[^\s:]*:[^\s:]*:[^\s:]*:\S.*)$/s;

/**
 * Reads a session policy in the AWS IAM grammar, as STS, Dell ECS, Ceph and MinIO take it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * A session policy names no principal: it belongs to the session.
 */
export const readIam = (text: string): PolicyReading => readDocument(text, rules);

const statement = (item: Record<string, unknown>): Statement | PolicyFault => {
  if (member(item, 'Principal') !== undefined || member(item, 'NotPrincipal') !== undefined) {
    return element('A session policy must not have a Principal.');
  }
  if (unknownMember(item, statementElements) !== undefined) {
    return syntax('A Statement has an element that the grammar does not know.');
  }
  const effect = member(item, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny') return element('The Effect must be Allow or Deny.');
  const actions = oneOf(item, 'Action', 'NotAction');
  if (actions === undefined) return element('A Statement must have one of Action and NotAction.');
  if (!actions.values.every((action) => actionForm.test(action))) {
    return element('An Action must be written service:Action.');
  }
  const resources = oneOf(item, 'Resource', 'NotResource');
  if (resources === undefined) return element('A Statement must have one of Resource and NotResource.');
  if (!resources.values.every((name) => resourceForm.test(name))) {
    return resource('A Resource must be an ARN or *.');
  }
  const condition = member(item, 'Condition');
  if (condition !== undefined && !isObject(condition)) return element('A Condition must be an object.');
  return {
    effect: effect === 'Allow' ? 'allow' : 'deny',
    actions: actions.values,
    exceptActions: actions.except,
    resources: resources.values.map((name) => plain(name, (effect === 'Deny') !== resources.except)),
    exceptResources: resources.except,
    conditional: condition !== undefined,
  };
};

/**
 * The value of a policy variable is not known here, so a resource with one matches every resource in a statement that
 * takes away, and no resource in a statement that gives.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const plain = (name: string, takesAway: boolean): string => (takesAway && name.includes('${') ? '*' : name);

const rules: DocumentRules = {
  elements: documentElements,
  statements: 'Statement',
  fault: (document) => {
    const version = member(document, 'Version');
    return version === undefined || version === '2012-10-17' || version === '2008-10-17'
      ? undefined
      : syntax('The Version of the policy must be 2012-10-17 or 2008-10-17.');
  },
  statement,
};

const oneOf = (
  item: Record<string, unknown>,
  name: string,
  exceptName: string,
): { readonly values: readonly string[]; readonly except: boolean } | undefined => {
  const [plain, except] = [member(item, name), member(item, exceptName)];
  if ((plain === undefined) === (except === undefined)) return undefined;
  const values = strings(plain ?? except);
  return values === undefined ? undefined : { values, except: plain === undefined };
};

/** IAM, the grammar of AWS, Dell ECS, Ceph and MinIO. */
export const iamGrammar: PolicyGrammar = {
  name: 'iam',
  read: readIam,
  example: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  },
};
