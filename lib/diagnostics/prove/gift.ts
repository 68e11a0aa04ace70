import type { WrittenConfig } from '../../config/schema.ts';
import type { WrittenGrant } from './configured.ts';

/** What a grant gives besides the role: what narrows it, what is said of its holder, and what callers may add. */
export interface Gift {
  readonly policy?: string;
  readonly tags: string;
  readonly sessionName?: string;
  readonly sourceIdentity?: string;
  readonly externalId?: string;
  readonly accepts: ReadonlySet<string>;
  readonly shareable: boolean;
  /** The account as it is written: what is asked of another is another thing. */
  readonly account: string;
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  ) ?? '';

export const giftOf = (grant: WrittenGrant, written: WrittenConfig): Gift => ({
  ...(grant.policy === undefined ? {} : { policy: canonical(grant.policy) }),
  tags: canonical(grant.tags ?? {}),
  ...(grant.sessionName === undefined ? {} : { sessionName: grant.sessionName }),
  ...(grant.sourceIdentity === undefined ? {} : { sourceIdentity: grant.sourceIdentity }),
  ...(grant.externalId === undefined ? {} : { externalId: grant.externalId }),
  accepts: new Set(grant.accepts),
  shareable: grant.shareable,
  account: canonical(written.accounts[grant.account] ?? {}),
});

/** The parts in which one gives more than the other, or something else; none if the other gives at least as much. */
export const exceedingParts = (one: Gift, other: Gift): readonly string[] => {
  const parts: string[] = [];
  if (one.account !== other.account) parts.push('account');
  // What no policy narrows is at least what any policy leaves of it.
  if (other.policy !== undefined && one.policy !== other.policy) parts.push('policy');
  if (one.tags !== other.tags) parts.push('tags');
  if (other.sessionName !== undefined && one.sessionName !== other.sessionName) parts.push('sessionName');
  if (
    one.sourceIdentity !== other.sourceIdentity &&
    !(other.sourceIdentity === undefined && other.accepts.has('sourceIdentity'))
  ) {
    parts.push('sourceIdentity');
  }
  if (one.externalId !== other.externalId) parts.push('externalId');
  for (const part of one.accepts) {
    // Callers can narrow by a policy; without one they have what the other gives.
    if (part !== 'policy' && !other.accepts.has(part)) parts.push(`accepts ${part}`);
  }
  if (one.shareable && !other.shareable) parts.push('shareable');
  return parts;
};
