import type { CloudFacts } from '../../core/cloud-facts.ts';
import { type DurationRange, type MintOperation, narrowings } from '../../core/requests.ts';
import type { TagRules, TextRule, TextRules } from '../../core/text-rule.ts';

// Limits of Huawei Cloud STS5: the models of its SDK for Go (services/sts/v1) and
// https://support.huaweicloud.com/api-iam5

/** Seconds that each operation gives; a caller that is itself temporary gets 3600 at most. */
export const seconds = {
  AssumeRole: { min: 900, default: 3600, max: 43_200 },
  AssumeRoleWithWebIdentity: { min: 900, default: 3600, max: 43_200 },
} as const satisfies { readonly [Op in MintOperation]?: DurationRange };

/** What each operation can be told besides whom and how long. */
export const accepts = {
  AssumeRole: narrowings,
  AssumeRoleWithWebIdentity: ['policy', 'policyArns'],
} as const satisfies CloudFacts['accepts'];

/** Characters of a session policy. */
export const maxPolicyCharacters = 2048;
/** No page gives one; this is what AWS allows. */
export const maxPolicyIds = 10;

export const rules = {
  // Not held to the form of an agency: the account behind may be another system's.
  roleArn: { min: 1, max: 1500, pattern: /^[^\s\p{Cc}]*$/u },
  roleSessionName: { min: 2, max: 128, pattern: /^[^\s\p{Cc}]*$/u },
  externalId: { min: 1, max: 1224 },
  sourceIdentity: { min: 1, max: 128 },
  serialNumber: { min: 1, max: 256 },
  tokenCode: { min: 6, max: 6, pattern: /^\d*$/ },
  idToken: { min: 4, max: 20_000 },
  policyArns: { min: 1, max: 128 },
  tags: { key: { min: 1, max: 128 }, value: { max: 255 }, most: 20 },
} as const satisfies TextRules & Record<string, TextRule | TagRules>;
