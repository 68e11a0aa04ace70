import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';

/** The name under which grants know whoever shows a lease's own token. */
const leaseReader = 'lease-reader';

const comparison = randomBytes(32);
const digest = (text: string): Buffer => createHmac('sha256', comparison).update(text).digest();

/**
 * Whoever shows the token that the configuration gives to a lease's readers: a lease's own and no other's, so it is
 * never looked for among all. Compared by digest, so lengths do not show either, nor whether the lease exists.
 */
export const byLeaseToken =
  (tokens: ReadonlyMap<string, Secret>) =>
  (lease: string, token: Secret): Caller => {
    const expected = tokens.get(lease);
    const matches = timingSafeEqual(digest(expected?.reveal() ?? ''), digest(token.reveal()));
    if (!matches || expected === undefined) throw new StsError('InvalidToken', 'The token is not one of this lease.');
    return { name: leaseReader, proof: 'readToken', claims: { sub: lease } };
  };
