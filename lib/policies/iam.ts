import { capitalized } from './capitalized.ts';
import { type PolicyReading, readDocument } from './document.ts';

const grammar = /* @__PURE__ */ capitalized({
  elements: ['Id'],
  statementElements: ['Sid', 'NotAction', 'NotResource'],
  versions: ['2012-10-17', '2008-10-17'],
  versionRequired: false,
  actionForm: /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?-]+)$/,
  // ARNs have six segments; Dell ECS writes its own as urn:.
  resourceForm: /^(\*|(arn|urn):[^\s:]*:[^\s:]*:[^\s:]*:[^\s:]*:\S.*)$/s,
  forms: { action: 'An Action must be written service:Action.', resource: 'A Resource must be an ARN or *.' },
  resourceOptional: false,
});

/**
 * Reads a session policy in the AWS IAM grammar, as STS, Dell ECS, Ceph and MinIO take it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export const readIam = (text: string): PolicyReading => readDocument(text, grammar);
