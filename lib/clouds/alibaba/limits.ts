import type { CloudFacts } from '../../core/cloud-facts.ts';
import type { DurationRange, MintOperation, Operation } from '../../core/requests.ts';
import type { TextRule, TextRules } from '../../core/text-rule.ts';

// Limits of Alibaba Cloud STS, version 2015-04-01: the models of its SDKs, and
// https://help.aliyun.com/zh/ram/developer-reference/api-sts-2015-04-01-assumerole, -assumerolewithoidc.

/** The one version that there is of the API. */
export const version = '2015-04-01';

/** Seconds that each operation gives; a role's own limit may be lower. */
export const seconds = {
  AssumeRole: { min: 900, default: 3600, max: 43_200 },
  AssumeRoleWithWebIdentity: { min: 900, default: 3600, max: 43_200 },
} as const satisfies { readonly [Op in MintOperation]?: DurationRange };

/** What each operation can be told besides whom and how long. */
export const accepts = {
  AssumeRole: ['policy', 'externalId', 'sourceIdentity'],
  AssumeRoleWithWebIdentity: ['policy'],
} as const satisfies CloudFacts['accepts'];

/** Calls a second of one account. */
export const callsPerSecond = 100;

/** Characters of a session policy. */
export const maxPolicyCharacters = 2048;

export const rules = {
  // Not held to the form of a RAM role: the account behind may be another system's.
  roleArn: { min: 1, max: 2048, pattern: /^[^\s\p{Cc}]*$/u },
  roleSessionName: { min: 2, max: 64, pattern: /^[A-Za-z0-9.@_-]*$/ },
  externalId: { min: 2, max: 1224, pattern: /^[\w+=,.@:/-]*$/ },
  // The page gives no limit of its own; these are those of the session's name.
  sourceIdentity: { min: 2, max: 64, pattern: /^[A-Za-z0-9.@_-]*$/ },
  providerArn: { min: 1, max: 2048, pattern: /^[^\s\p{Cc}]*$/u },
  oidcToken: { min: 4, max: 20_000 },
} as const satisfies TextRules & Record<string, TextRule>;

/** The operations that this dialect speaks, by the vendor's names. */
export const actions = {
  AssumeRole: 'AssumeRole',
  AssumeRoleWithOIDC: 'AssumeRoleWithWebIdentity',
  GetCallerIdentity: 'GetCallerIdentity',
} as const satisfies Record<string, Operation>;

export type Action = keyof typeof actions;

/** What each operation reads. Anything else that is said is an unknown parameter. */
export const parameters: Readonly<Record<Action, ReadonlySet<string>>> = {
  AssumeRole: new Set(['DurationSeconds', 'ExternalId', 'Policy', 'RoleArn', 'RoleSessionName', 'SourceIdentity']),
  AssumeRoleWithOIDC: new Set([
    'DurationSeconds',
    'OIDCProviderArn',
    'OIDCToken',
    'Policy',
    'RoleArn',
    'RoleSessionName',
  ]),
  GetCallerIdentity: new Set(),
};

/** Operations of the service that are not spoken here. */
export const elsewhere: ReadonlySet<string> = new Set(['AssumeRoleWithSAML']);

/** What stands among the parameters besides an operation's own, in the RPC style. */
export const commonParameters: ReadonlySet<string> = new Set([
  'AccessKeyId',
  'Action',
  'Format',
  'RegionId',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureType',
  'SignatureVersion',
  'Timestamp',
  'Version',
]);
