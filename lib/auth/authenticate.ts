import type { Caller, Proof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { RequestContext } from '../core/platform-identity.ts';
import type { Secret } from '../core/secret.ts';
import { isSameProof } from './gateway/by-authorizer.ts';
import type { ByPlatform } from './gateway/by-platform.ts';
import type { bySignature } from './keys/by-signature.ts';
import type { Logins } from './keys/logins.ts';

/** The ways of proving who asks. */
export interface AuthenticateDeps {
  readonly signature: ReturnType<typeof bySignature>;
  readonly password: (accessKeyId: string, secret: Secret, now: Date) => Caller;
  readonly jwt: (token: Secret, now: Date) => Promise<Caller>;
  readonly logins?: Logins;
  readonly readToken?: (lease: string, token: Secret) => Caller;
  readonly platform?: ByPlatform;
}

export type Authenticate = (proof: Proof, now: Date, requestContext?: RequestContext) => Promise<Caller>;

/**
 * The one place that decides who asks. A request offers exactly one proof; one that fails is the end of it, and is
 * never taken for no proof at all. Only a request that offers none may be proven by what the platform vouches for,
 * and one whose very proof a trusted gateway has verified.
 */
export const authenticator =
  (ways: AuthenticateDeps): Authenticate =>
  async (proof, now, requestContext = { headers: {} }) => {
    const { authorizer } = requestContext.platform ?? {};
    if (authorizer !== undefined && isSameProof(proof, authorizer)) {
      const caller = ways.platform?.authorized(requestContext);
      if (caller !== undefined) return caller;
    }
    switch (proof.kind) {
      case 'signature':
        return ways.signature(proof, now);
      case 'jwt':
        return ways.jwt(proof.token, now);
      case 'password':
        return ways.password(proof.accessKeyId, proof.secret, now);
      case 'login':
        if (ways.logins === undefined) throw new StsError('InvalidToken');
        return ways.logins.read(proof.token, now);
      case 'readToken':
        if (ways.readToken === undefined) throw new StsError('InvalidToken');
        return ways.readToken(proof.lease, proof.token);
      case 'none': {
        const caller = ways.platform?.caller(requestContext, now);
        if (caller === undefined) throw new StsError('Unauthenticated');
        return caller;
      }
    }
  };
