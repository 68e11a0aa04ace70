import type { PolicyGrammar } from '../core/policy.ts';
import { capitalizedGrammar } from './capitalized.ts';

/** RAM, the grammar of Alibaba Cloud. https://www.alibabacloud.com/help/doc-detail/93739.htm */
export const ramGrammar: PolicyGrammar = /* @__PURE__ */ capitalizedGrammar({
  name: 'ram',
  elements: ['Version', 'Statement'],
  statementElements: ['NotAction', 'NotResource'],
  versions: ['1'],
  versionRequired: true,
  actionForm: /^(\*|[A-Za-z0-9-]+:[\w*?:-]+)$/,
  // acs:<service>:<region>:<account>:<relative id>
  resourceForm: /^(\*|acs:[^\s:]*:[^\s:]*:[^\s:]*:\S.*)$/s,
  forms: { action: 'An Action must be written service:Action.', resource: 'A Resource must begin with acs: or be *.' },
  resourceOptional: false,
  example: {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: ['oss:GetObject'], Resource: ['acs:oss:*:*:bucket/*'] }],
  },
});
