import { hash } from 'node:crypto';
import { createLRU } from 'lru.min';
import { StsError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import type { AuthorityDeps } from './issue-session.ts';
import { type OpenedSession, openSession } from './session-token.ts';

const maxKept = 10_000;

/** Opens the session of a temporary triad; an StsError if there is none, it has ended, or its role is gone. */
export type SessionOpener = (accessKeyId: string, token: Secret, now: Date) => OpenedSession;

/** Opens sessions and keeps them opened, so that a caller's next request with the same token decrypts nothing. */
export const sessionOpener = ({ ring, names }: AuthorityDeps): SessionOpener => {
  const opened = createLRU<string, OpenedSession>({ max: maxKept });
  return (accessKeyId, token, now) => {
    const cacheKey = hash('sha256', `${accessKeyId} ${token.reveal()}`);
    const entry = opened.get(cacheKey) ?? openSession(ring, accessKeyId, token);
    if (entry === undefined) throw new StsError('InvalidToken');
    // Stryker disable next-line CallExpression: without it all is opened anew, which only takes longer
    opened.set(cacheKey, entry);
    const { session } = entry;
    if (session.expiration.getTime() <= now.getTime()) throw new StsError('TokenExpired');
    if (session.role !== undefined && names.roles.named(names.speaks(session.dialect), session.role) === undefined) {
      throw new StsError('InvalidToken', 'The role of this session no longer exists.');
    }
    return entry;
  };
};
