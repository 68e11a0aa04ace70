import type { DurationRange, MintOperation, Narrowing } from '../../core/requests.ts';
import type { TextRules } from '../../core/text-rule.ts';

// Limits of STS in Tencent Cloud API 2.0, from the vendor's pages on AssumeRole and GetFederationToken.

export const path = '/v2/index.php';

/**
 * No page gives a minimum duration, so it is one second: a higher minimum of ours would refuse what the cloud accepts.
 */
export const seconds = {
  AssumeRole: { min: 1, default: 1800, max: 7200 },
  GetFederationToken: { min: 1, default: 1800, max: 7200 },
} as const satisfies { readonly [Op in MintOperation]?: DurationRange };

/** The pages of 2.0 give no pattern; this is the one of 3.0, which stands in front of the same service. */
const name = { min: 1, max: 128, pattern: /^[\w+=,.@-]*$/ } as const;

export const rules = {
  // Not held to the form of a CAM role: the account behind may be another system's.
  roleArn: { min: 1, max: 2048, pattern: /^[^\s\p{Cc}]*$/u },
  roleSessionName: name,
  name,
} as const satisfies TextRules;

/** Every parameter that is read. The pages' table writes `Policy`, their worked request `policy`. */
export const known: ReadonlySet<string> = new Set([
  'Action',
  'Nonce',
  'Policy',
  'SecretId',
  'SignatureMethod',
  'Timestamp',
  'Token',
  'durationSeconds',
  'name',
  'policy',
  'roleArn',
  'roleSessionName',
]);

/** Calls a second of one account. API 2.0 publishes no limit; the STS of API 3.0 answers it. */
export const callsPerSecond = 600;

/** What each operation can be told besides whom and how long. */
export const accepts = {
  AssumeRole: [],
  GetFederationToken: ['policy'],
} as const satisfies { readonly [Op in MintOperation]?: readonly Narrowing[] };
