import type { DurationRange, MintOperation, Narrowing } from '../../core/requests.ts';
import type { TagRules, TextRule, TextRules } from '../../core/text-rule.ts';

// Limits of Dell ECS and ObjectScale: the REST API of ECS 3.8 and the OpenAPI document of ObjectScale 4.1, which say
// little; otherwise those of AWS STS, whose interface this is.

/** Seconds that each operation gives, with what it gives to those who do not ask. */
export const seconds = {
  // A role's own limit is 3600 to 43,200; whether less than 3600 may be asked is not said, and AWS allows it from 900.
  AssumeRole: { min: 900, default: 3600, max: 43_200 },
  GetFederationToken: { min: 900, default: 43_200, max: 129_600 },
} as const satisfies Record<string, DurationRange>;

const nameText = /^[\w+=,.@-]*$/;
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** What each text parameter must be like; lengths in characters. */
export const rules = {
  roleArn: { min: 1, max: 2048 },
  roleSessionName: { min: 2, max: 64, pattern: nameText },
  name: { min: 2, max: 64, pattern: nameText },
  policy: { pattern: /^[\u0009\u000a\u000d\u0020-\u00ff]*$/ },
  policyArns: { min: 1, max: 2048 },
  tags: {
    key: { min: 1, max: 128, pattern: tagText },
    value: { max: 256, pattern: tagText },
    most: 50,
    ignoresCase: true,
  },
} as const satisfies TextRules & Record<string, TextRule | TagRules>;

/** The plain text of the inline policy and of the policies' ARNs together. */
export const maxPolicyCharacters = 2048;
/** Managed policies that one request may name. */
export const maxPolicyArns = 10;

/** What each operation can be told besides whom and how long. */
export const accepts = {
  AssumeRole: ['policy', 'policyArns'],
  GetFederationToken: ['policy', 'policyArns', 'tags'],
} as const satisfies { readonly [Op in MintOperation]?: readonly Narrowing[] };
