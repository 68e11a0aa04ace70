import type { PolicyGrammar } from '../core/policy.ts';
import { capitalizedGrammar } from './capitalized.ts';

/**
 * IAM, the grammar of AWS, Dell ECS, Ceph and MinIO.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export const iamGrammar: PolicyGrammar = /* @__PURE__ */ capitalizedGrammar({
  name: 'iam',
  elements: ['Version', 'Id', 'Statement'],
  statementElements: ['Sid', 'NotAction', 'NotResource'],
  versions: ['2012-10-17', '2008-10-17'],
  versionRequired: false,
  actionForm: /^(\*|\*:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?-]+)$/,
  // ARNs have six segments, and the one of the service takes no wildcard. A `*` that ends a segment reaches beyond the
  // colon, so what follows may be left out: `arn:aws:logs:*`. Dell ECS writes its own as urn:.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
  resourceForm: /^(\*|(arn|urn):[^\s:]*:[^\s:*?]*((:[^\s:]*){2}:\S.*|(:[^\s:]*){0,1}:[^\s:]*\*))$/s,
  forms: { action: 'An Action must be written service:Action.', resource: 'A Resource must be an ARN or *.' },
  resourceOptional: false,
  example: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  },
});

/** Reads a session policy in the IAM grammar. */
export const readIam = iamGrammar.read;
