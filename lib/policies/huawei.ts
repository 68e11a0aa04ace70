import { capitalized } from './capitalized.ts';
import { type PolicyReading, readDocument } from './document.ts';

const grammar = /* @__PURE__ */ capitalized({
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
});

/**
 * Reads a session policy in the grammar of Huawei Cloud's identity policies, version 5.0; a statement without a Resource
 * is about all of them.
 * https://support.huaweicloud.com/intl/en-us/usermanual-iam5/iam_01_0934.html
 */
export const readHuawei = (text: string): PolicyReading => readDocument(text, grammar);
