import type { PolicyFault, PolicyGrammar, PolicyReading, Statement } from '../core/policy.ts';
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

const documentElements = new Set(['version', 'principal', 'statement']);
const statementElements = new Set(['effect', 'principal', 'action', 'resource', 'condition']);
// An operation, `name/` before it or not; or a named set of them, `permid/…` and in one page `actionName/…`.
const actionForm = /^(\*|(name\/)?([\w-]+:[\w*?/.-]+|\*)|(permid|permit|actionName)\/[\w:*-]+)$/;
const setForm = /^(permid|permit|actionName)\//;
// Six segments, qcs:project:service:region:account:resource, of which the last may hold colons.
const resourceForm = /^(\*|qcs:[^:\s]*:[^:\s]*:[^:\s]*:[^:\s]*:\S.*)$/s;

/**
 * Reads a session policy in Tencent Cloud's CAM grammar, whose elements are lower case.
 * https://cloud.tencent.com/document/product/598/10603 and https://cloud.tencent.com/document/product/378/8963
 *
 * The pages of STS forbid a principal, but `getPolicy` of the vendor's own COS helper writes `{"qcs":"*"}` into every
 * statement, and STS takes it. That form does not name a principal, so it is ignored; any other is refused.
 */
export const readCam = (text: string): PolicyReading => readDocument(text, rules);

const statement = (item: Record<string, unknown>): Statement | PolicyFault => {
  if (unknownMember(item, statementElements) !== undefined) {
    return syntax('A statement has an element that the grammar does not know.');
  }
  if (!namesNobody(member(item, 'principal'))) return element('A session policy must not have a principal.');
  const effect = member(item, 'effect');
  if (effect !== 'allow' && effect !== 'deny') return element('The effect must be allow or deny.');
  const actions = strings(member(item, 'action'));
  if (actions === undefined) return element('A statement must have an action.');
  if (!actions.every((action) => actionForm.test(action))) {
    return element('An action must be written service:Action or name/service:Action.');
  }
  const resources = strings(member(item, 'resource'));
  if (resources === undefined) return element('A statement must have a resource.');
  if (!resources.every((name) => resourceForm.test(name))) {
    return resource('A resource must be * or have six segments.');
  }
  const condition = member(item, 'condition');
  if (condition !== undefined && !(isObject(condition) && Object.values(condition).every(isObject))) {
    return element('A condition must be an object of operators, each an object of keys.');
  }
  return {
    effect,
    actions: actions.map((action) => pattern(action, effect)),
    exceptActions: false,
    resources: resources.map((name) => whatever(name, effect === 'deny')),
    exceptResources: false,
    conditional: condition !== undefined,
  };
};

const rules: DocumentRules = {
  elements: documentElements,
  statements: 'statement',
  fault: (document) => {
    if (member(document, 'version') !== '2.0') return syntax('The version of the policy must be "2.0".');
    return namesNobody(member(document, 'principal'))
      ? undefined
      : element('A session policy must not have a principal.');
  },
  statement,
};

/** Both spellings of an operation as one. The content of a set is not known here: it allows nothing and denies all. */
const pattern = (action: string, effect: Statement['effect']): string =>
  setForm.test(action) ? (effect === 'deny' ? '*' : action) : action.replace(/^name\//, '');

const namesNobody = (principal: unknown): boolean => {
  if (principal === undefined) return true;
  if (!isObject(principal) || Object.keys(principal).join() !== 'qcs') return false;
  const names = strings(member(principal, 'qcs'));
  return names !== undefined && names.length === 1 && names[0] === '*';
};

/** CAM, the grammar of Tencent Cloud. */
export const camGrammar: PolicyGrammar = {
  name: 'cam',
  read: readCam,
  example: {
    version: '2.0',
    statement: [{ effect: 'allow', action: ['name/cos:GetObject'], resource: ['*'] }],
  },
};
