import type { DurationRange, MintOperation, Narrowing, Operation } from '../../core/requests.ts';
import type { TagRules, TextRule, TextRules } from '../../core/text-rule.ts';

// Limits of STS in Tencent Cloud API 3.0: the service model of the SDKs, and
// https://cloud.tencent.com/document/api/1312/48195 (GetFederationToken), 48197 (AssumeRole).

export const version = '2018-08-13';

/**
 * No page gives a minimum duration, so it is one second: a higher minimum of ours would refuse what the cloud accepts.
 * GetFederationToken gives 129,600 seconds to the key of a sub-account and 7,200 to that of the root account; which of
 * them a key is, only the cloud can tell.
 */
export const seconds = {
  AssumeRole: { min: 1, default: 7200, max: 43_200 },
  AssumeRoleWithWebIdentity: { min: 1, default: 7200, max: 43_200 },
  GetFederationToken: { min: 1, default: 1800, max: 129_600 },
} as const satisfies { readonly [Op in MintOperation]?: DurationRange };

const name = /^[\w+=,.@-]*$/;

export const rules = {
  // Not held to the form of a CAM role: the account behind may be another system's.
  roleArn: { min: 1, max: 2048, pattern: /^[^\s\p{Cc}]*$/u },
  roleSessionName: { min: 2, max: 128, pattern: name },
  // "Consisting of letters", says the page; the vendor's own helper sends `cos-sts-nodejs`.
  name: { min: 1, max: 128, pattern: name },
  externalId: { min: 2, max: 128, pattern: /^[\w+=,.@:/-]*$/ },
  tags: { key: { min: 1, max: 128 }, value: { max: 256 }, most: 50 },
  // A uin for callers of Tencent Cloud; other clouds have names.
  sourceIdentity: { min: 1, max: 128, pattern: name },
  // `qcs::cam:uin/<uin>::mfa/softToken`
  serialNumber: { min: 1, max: 256, pattern: /^[\w:/-]*$/ },
  tokenCode: { min: 6, max: 8, pattern: /^\d*$/ },
  // Not on the pages; the Java helper of github.com/tencentyun/qcloud-cos-sts-sdk sends 0, and what else means nobody says.
  secretType: { max: 1, pattern: /^0$/ },
  providerId: { min: 1, max: 128 },
  webIdentityToken: { min: 4, max: 20_000, pattern: /^[\w.=-]*$/ },
} as const satisfies TextRules & Record<string, TextRule | TagRules>;

/** What each operation reads. Whatever else is said is an unknown parameter. */
export const parameters = {
  AssumeRole: new Set<string>([
    'DurationSeconds',
    'ExternalId',
    'Policy',
    'RoleArn',
    'RoleSessionName',
    'SecretType',
    'SerialNumber',
    'SourceIdentity',
    'Tags',
    'TokenCode',
  ]),
  AssumeRoleWithWebIdentity: new Set<string>([
    'DurationSeconds',
    'ProviderId',
    'RoleArn',
    'RoleSessionName',
    'WebIdentityToken',
  ]),
  GetCallerIdentity: new Set<string>(),
  GetFederationToken: new Set<string>(['DurationSeconds', 'Name', 'Policy', 'SecretType']),
} as const satisfies { readonly [Op in Operation]?: ReadonlySet<string> };

/** The operations that this dialect speaks. */
export type Spoken = keyof typeof parameters;

/** Operations of the service that are not supported here. */
export const elsewhere: ReadonlySet<string> = new Set<string>(['AssumeRoleWithSAML', 'GetSessionToken', 'QueryApiKey']);

/** Parameters besides the operation's own, in requests that do not have them as headers. */
export const commonParameters: ReadonlySet<string> = new Set<string>([
  'Action',
  'Language',
  'Nonce',
  'Region',
  'RequestClient',
  'SecretId',
  'Signature',
  'SignatureMethod',
  'Timestamp',
  'Token',
  'Version',
]);

/**
 * Calls a second of one account, as the page of each operation has it.
 * https://www.tencentcloud.com/document/product/1150/49456 and its neighbours
 */
export const callsPerSecond = { AssumeRole: 600, GetFederationToken: 600, AssumeRoleWithWebIdentity: 20 } as const;

/** What each operation can be told besides whom and how long. */
export const accepts = {
  AssumeRole: ['policy', 'tags', 'externalId', 'sourceIdentity', 'serialNumber', 'tokenCode'],
  AssumeRoleWithWebIdentity: [],
  GetFederationToken: ['policy'],
} as const satisfies { readonly [Op in MintOperation]?: readonly Narrowing[] };
