import type { CloudFacts } from '../../core/cloud-facts.ts';
import type { DurationRange, MintOperation, Operation } from '../../core/requests.ts';
import type { TagRules, TextRule, TextRules } from '../../core/text-rule.ts';

// Limits of the STS of Volcengine and BytePlus, version 2018-01-01: https://www.volcengine.com/docs/6257/86374

/** The one version that there is of the API. */
export const version = '2018-01-01';

/**
 * Seconds that each operation gives. The service takes a shorter duration as 3600 and a longer one as 43,200; here both
 * are refused, since who asks for less must not be given more.
 */
export const seconds = {
  AssumeRole: { min: 900, default: 3600, max: 43_200 },
  AssumeRoleWithWebIdentity: { min: 900, default: 3600, max: 43_200 },
} as const satisfies { readonly [Op in MintOperation]?: DurationRange };

/** What each operation can be told besides whom and how long. */
export const accepts = {
  AssumeRole: ['policy', 'tags'],
  AssumeRoleWithWebIdentity: ['policy'],
} as const satisfies CloudFacts['accepts'];

/** Calls a second of one account. */
export const callsPerSecond = 200;

/** No page gives one; this is what Alibaba Cloud and AWS allow. In characters. */
export const maxPolicyCharacters = 2048;

export const rules = {
  // Not held to the form of a TRN: the account behind may be another system's.
  roleArn: { min: 1, max: 2048, pattern: /^[^\s\p{Cc}]*$/u },
  roleSessionName: { min: 2, max: 64, pattern: /^[A-Za-z0-9.@_-]*$/ },
  oidcToken: { min: 4, max: 20_000 },
  // No page gives one; this is what AWS allows.
  tags: { key: { min: 1, max: 128 }, value: { max: 256 }, most: 50 },
} as const satisfies TextRules & Record<string, TextRule | TagRules>;

/** The operations that this dialect speaks, by the vendor's names. */
export const actions = {
  AssumeRole: 'AssumeRole',
  AssumeRoleWithOIDC: 'AssumeRoleWithWebIdentity',
  GetCallerIdentity: 'GetCallerIdentity',
} as const satisfies Record<string, Operation>;

export type Action = keyof typeof actions;

/** What each operation reads, besides tags. Anything else that is said is an unknown parameter. */
export const parameters: Readonly<Record<Action, ReadonlySet<string>>> = {
  AssumeRole: new Set(['DurationSeconds', 'Policy', 'RoleSessionName', 'RoleTrn']),
  AssumeRoleWithOIDC: new Set(['DurationSeconds', 'OIDCToken', 'Policy', 'RoleSessionName', 'RoleTrn']),
  GetCallerIdentity: new Set(),
};

/** Operations of the service that are not spoken here. */
export const elsewhere: ReadonlySet<string> = new Set(['AssumeRoleWithSAML']);
