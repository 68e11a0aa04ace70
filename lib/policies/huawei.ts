import type { PolicyGrammar } from '../core/policy.ts';
import { capitalizedGrammar } from './capitalized.ts';

/**
 * The grammar of Huawei Cloud's identity policies, version 5.0; a statement without a Resource is about all of them.
 * https://support.huaweicloud.com/intl/en-us/usermanual-iam5/iam_01_0934.html
 */
export const huaweiGrammar: PolicyGrammar = /* @__PURE__ */ capitalizedGrammar({
  name: 'huawei',
  elements: ['Version', 'Statement'],
  statementElements: ['Sid', 'NotAction', 'NotResource'],
  versions: ['5.0'],
  versionRequired: true,
  // service:resource type:operation
  actionForm: /^(\*|[\w*-]+:[\w*?-]+:[\w*?-]+)$/,
  // service:region:domain:resource type:path
  resourceForm: /^(\*|[\w*-]*:[^\s:]*:[^\s:]*:[^\s:]*:\S.*)$/s,
  forms: {
    action: 'An Action must be written service:type:operation.',
    resource: 'A Resource must be written service:region:domain:type:path or be *.',
  },
  resourceOptional: true,
  example: { Version: '5.0', Statement: [{ Effect: 'Allow', Action: ['obs:object:getObject'] }] },
});
