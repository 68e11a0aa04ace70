import type { PolicyGrammar } from '../core/policy.ts';
import { capitalizedGrammar } from './capitalized.ts';

/**
 * The grammar of Volcengine and BytePlus, which has no version; a statement without a Resource is about all of them.
 * https://www.volcengine.com/docs/6257/65059 and https://docs.byteplus.com/byteplus-platform/docs/what-is-the-policy-syntax
 */
export const volcengineGrammar: PolicyGrammar = /* @__PURE__ */ capitalizedGrammar({
  name: 'volcengine',
  elements: ['Statement'],
  // The pages know no NotAction and no NotResource.
  statementElements: [],
  versions: [],
  versionRequired: false,
  actionForm: /^(\*|[A-Za-z0-9_-]+:[\w*?-]+)$/,
  // trn:<service>:<region>:<account>:<resource type>/<id>
  resourceForm: /^(\*|trn:[^\s:]*:[^\s:]*:[^\s:]*:\S.*)$/s,
  forms: { action: 'An Action must be written service:Action.', resource: 'A Resource must begin with trn: or be *.' },
  resourceOptional: true,
  example: { Statement: [{ Effect: 'Allow', Action: ['tos:GetObject'], Resource: ['trn:tos:::bucket/*'] }] },
});
