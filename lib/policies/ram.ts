import { capitalized } from './capitalized.ts';
import { type PolicyReading, readDocument } from './document.ts';

const grammar = /* @__PURE__ */ capitalized({
  statementElements: ['NotAction', 'NotResource'],
  versions: ['1'],
  versionRequired: true,
  actionForm: /^(\*|[A-Za-z0-9-]+:[\w*?:-]+)$/,
  // acs:<service>:<region>:<account>:<relative id>
  resourceForm: /^(\*|acs:[^\s:]*:[^\s:]*:[^\s:]*:\S.*)$/s,
  forms: { action: 'An Action must be written service:Action.', resource: 'A Resource must begin with acs: or be *.' },
  resourceOptional: false,
});

/**
 * Reads a session policy in the grammar of Alibaba Cloud's RAM.
 * https://www.alibabacloud.com/help/doc-detail/93739.htm
 */
export const readRam = (text: string): PolicyReading => readDocument(text, grammar);
