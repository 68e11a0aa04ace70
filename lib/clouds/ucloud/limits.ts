import type { DurationRange, MintOperation, Narrowing } from '../../core/requests.ts';
import type { TextRules } from '../../core/text-rule.ts';

// Limits of UCloud's AssumeRole: https://docs.ucloud.cn/api/sts-api/assume_role and its overseas twins.

/**
 * The page gives the minimum, and the role's own limit as the maximum. It names no default: 3600 is that of most
 * other clouds, and what UCloud's metadata service gives at most. The ceiling of 43,200 is that of
 * the other systems too.
 */
export const seconds: DurationRange = { min: 900, default: 3600, max: 43_200 };

/** What each text parameter must be like; lengths in characters. */
export const rules = {
  // The page's own example is random text, so the form `ucs:iam::<company id>:role/<name>` is not insisted on.
  roleArn: { max: 1024 },
  roleSessionName: { min: 1, max: 64, pattern: /^[A-Za-z0-9_.-]*$/ },
} as const satisfies TextRules;

/** The page gives no limit; this is that of AWS and MinIO. In characters. */
export const maxPolicyCharacters = 2048;

/** What each operation can be told besides whom and how long. */
export const accepts = {
  AssumeRole: ['policy'],
} as const satisfies { readonly [Op in MintOperation]?: readonly Narrowing[] };
