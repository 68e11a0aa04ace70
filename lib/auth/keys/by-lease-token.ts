import type { Caller, reservedCallers } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import { isSameSecret } from './same-secret.ts';

/** The name by which grants know whoever shows the token of a lease. */
const leaseReader: (typeof reservedCallers)[number] = 'lease-reader';

/**
 * Proves whoever shows the token that the configuration gives to the readers of a lease, or throws an StsError. The
 * token is compared with that lease's own and never looked for among all.
 */
export const byLeaseToken =
  (tokens: ReadonlyMap<string, Secret>) =>
  (lease: string, token: Secret): Caller => {
    if (!isSameSecret(tokens.get(lease), token)) {
      throw new StsError('InvalidToken', 'The token is not one of this lease.');
    }
    return { name: leaseReader, proof: 'readToken', claims: { sub: lease } };
  };
