import { randomBytes } from 'node:crypto';
import type { Session } from '../core/caller.ts';
import type { Credentials } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintRequest } from '../core/requests.ts';
import type { Secret } from '../core/secret.ts';
import type { Keyring } from '../stores/seal/keyring.ts';
import type { AuthorityNames } from './names.ts';
import { readSessionPolicy } from './narrowing.ts';
import { closeSession, sessionTooLarge } from './session-token.ts';

/** What the operations of the authority work with. */
export interface AuthorityDeps {
  readonly ring: Keyring;
  readonly names: AuthorityNames;
}

/** A token travels in a header, or in a query, which proxies before us hold to 8 KiB, beside other things. */
const maxTokenLength = 6 * 1024;

/** Credentials that carry their own session, sealed. */
export const issueSession = ({ ring, names }: AuthorityDeps, session: Omit<Session, 'accessKeyId'>): Credentials => {
  const naming = names.naming(session.dialect);
  const whole: Session = { ...session, accessKeyId: naming.accessKeyId(randomBytes(20)) };
  const { token, secret } = closeSession(ring, whole);
  if (token.reveal().length > maxTokenLength) throw sessionTooLarge();
  const policyBytes = session.policies.reduce((sum, text) => sum + text.length, 0);
  return omitUndefined({
    accessKeyId: whole.accessKeyId,
    secretAccessKey: secret,
    sessionToken: token,
    expiration: whole.expiration,
    subject: session.kind === 'user' ? undefined : naming.subject(names.session(whole)),
    packedPolicySize: policyBytes === 0 ? undefined : Math.ceil((policyBytes / 2048) * 100),
    sourceIdentity: session.sourceIdentity,
  });
};

/** From when until when a session lives, in whole seconds; an StsError if more is asked than the maximum. */
export const lifetime = (
  request: Pick<MintRequest, 'durationSeconds' | 'durationIsOpen'>,
  now: Date,
  maxSeconds: number,
): Pick<Session, 'issuedAt' | 'expiration'> => {
  if (request.durationSeconds > maxSeconds && request.durationIsOpen === undefined) {
    throw new StsError(
      'InvalidDuration',
      `The requested DurationSeconds exceeds the ${maxSeconds} seconds set for this session.`,
      { parameter: 'DurationSeconds' },
    );
  }
  const at = Math.floor(now.getTime() / 1000) * 1000;
  return { issuedAt: new Date(at), expiration: new Date(at + Math.min(request.durationSeconds, maxSeconds) * 1000) };
};

/** The grant's policy and the caller's: both, since each can only narrow. */
export const sessionPolicies = (
  { names }: AuthorityDeps,
  dialect: string,
  request: { readonly grantPolicy?: string; readonly policy?: string; readonly policyArns?: readonly string[] },
): readonly string[] => {
  if (request.policyArns !== undefined) {
    // Dropping one would widen the session, and the authority keeps no managed policies to apply.
    throw new StsError('InvalidParameter', 'This authority has no managed policies.', { parameter: 'PolicyArns' });
  }
  const texts = [request.grantPolicy ?? [], request.policy ?? []].flat();
  for (const text of texts) readSessionPolicy(names.naming(dialect).grammar, text);
  return texts;
};

export const sessionTags = (
  tags: readonly { readonly key: string; readonly value: string }[] | undefined,
): Session['tags'] => tags && Object.fromEntries(tags.map(({ key, value }) => [key, value]));

export const refuseSecondFactor = (request: { readonly serialNumber?: string; readonly tokenCode?: Secret }): void => {
  if (request.serialNumber === undefined && request.tokenCode === undefined) return;
  throw new StsError('AccessDenied', 'MultiFactorAuthentication failed: no such device is known here.');
};
