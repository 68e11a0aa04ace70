import { type DurationRange, type MintOperation, type Narrowing, narrowings } from '../../core/requests.ts';
import type { TagRules, TextRule, TextRules } from '../../core/text-rule.ts';

// Limits of AWS STS, version 2011-06-15: the service model of the SDKs, and
// https://docs.aws.amazon.com/STS/latest/APIReference/ where the prose says more.

/** The one version that there is of the API. */
export const version = '2011-06-15';
/** The XML namespace of its replies. */
export const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Seconds that each operation gives, with what it gives to those who do not ask. */
export const seconds = {
  AssumeRole: { min: 900, default: 3600, max: 43_200 },
  AssumeRoleWithWebIdentity: { min: 900, default: 3600, max: 43_200 },
  GetFederationToken: { min: 900, default: 43_200, max: 129_600 },
  GetSessionToken: { min: 900, default: 43_200, max: 129_600 },
} as const satisfies Record<MintOperation, DurationRange>;

/**
 * Calls a second of one account in one region.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const callsPerSecond = 600;

const nameText = /^[\w+=,.@-]*$/;
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** What each text parameter must be like; lengths in characters. */
export const rules = {
  roleArn: { min: 20, max: 2048 },
  roleSessionName: { min: 2, max: 64, pattern: nameText },
  name: { min: 2, max: 32, pattern: nameText },
  policyCharacters: { min: 1, pattern: /^[\u0009\u000a\u000d\u0020-\u00ff]*$/ },
  policyArns: { min: 20, max: 2048 },
  // Keys differ by more than case: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
  tags: {
    key: { min: 1, max: 128, pattern: tagText },
    value: { max: 256, pattern: tagText },
    most: 50,
    ignoresCase: true,
  },
  externalId: { min: 2, max: 1224, pattern: /^[\w+=,.@:/-]*$/ },
  serialNumber: { min: 9, max: 256, pattern: /^[\w+=/:,.@-]*$/ },
  tokenCode: { min: 6, max: 6, pattern: /^\d*$/ },
  sourceIdentity: { min: 2, max: 64, pattern: nameText },
  webIdentityToken: { min: 4, max: 20_000 },
  providerId: { min: 4, max: 2048 },
  audience: { min: 1, max: 1000 },
} as const satisfies TextRules & Record<string, TextRule | TagRules>;

/** The plain text of Policy and PolicyArns together, in characters. */
export const maxPolicyCharacters = 2048;
/** Managed policies that one request may name. */
export const maxPolicyArns = 10;
/** Audiences of one web identity token. */
export const maxAudiences = 10;
/** How long a web identity token may be asked to be valid. */
export const tokenSeconds = { min: 60, max: 3600 } as const;

/** What each operation can be told besides whom and how long. */
export const accepts = {
  AssumeRole: narrowings,
  // A keyless account's AssumeRole becomes this one; its tags stand in the identity token instead.
  AssumeRoleWithWebIdentity: ['policy', 'policyArns'],
  GetFederationToken: ['policy', 'policyArns', 'tags'],
  GetSessionToken: ['serialNumber', 'tokenCode'],
} as const satisfies { readonly [Op in MintOperation]?: readonly Narrowing[] };

/** What the texts of our own requests must be like. MinIO takes any role, so its ARN is not held to a form. */
export const textRules: TextRules = { ...rules, roleArn: { max: rules.roleArn.max } };
