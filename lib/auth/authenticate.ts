import type { Caller, Proof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { RequestContext } from '../core/platform-identity.ts';
import type { Secret } from '../core/secret.ts';
import { isSameProof, refuseOtherTokens } from './gateway/by-authorizer.ts';
import type { ByPlatform } from './gateway/by-platform.ts';
import type { bySignature } from './keys/by-signature.ts';
import type { Logins } from './keys/logins.ts';

/** The ways of proving who asks. A way that is absent proves nobody. */
export interface AuthenticateDeps {
  readonly signature?: ReturnType<typeof bySignature>;
  readonly password?: (accessKeyId: string, secret: Secret, now: Date) => Caller;
  readonly jwt?: (token: Secret, now: Date) => Promise<Caller>;
  readonly logins?: Logins;
  readonly readToken?: (lease: string, token: Secret) => Caller;
  readonly platform?: ByPlatform;
}

export type Authenticate = (proof: Proof, now: Date, requestContext?: RequestContext) => Promise<Caller>;

/**
 * The one place that decides who asks. A request offers exactly one proof; if that proof fails, the request is refused,
 * and never treated as one without a proof. The word of the platform is taken only for a request that offers no proof,
 * or whose very proof a trusted gateway has verified.
 */
export const authenticator =
  (deps: AuthenticateDeps): Authenticate =>
  async (proof, now, requestContext) => {
    if (requestContext?.platform?.authorizer && isSameProof(proof, requestContext.platform.authorizer)) {
      const caller = deps.platform?.authorized(requestContext);
      if (caller !== undefined) {
        refuseOtherTokens(proof);
        return caller;
      }
    }
    switch (proof.kind) {
      case 'signature':
        if (deps.signature === undefined) {
          throw new StsError(proof.sessionToken === undefined ? 'UnknownKey' : 'InvalidToken');
        }
        return deps.signature(proof, now);
      case 'jwt':
        if (deps.jwt === undefined)
          throw new StsError('InvalidIdentityToken', undefined, { proofFault: 'IssuerUnknown' });
        return deps.jwt(proof.token, now);
      case 'password':
        if (deps.password === undefined) throw new StsError('UnknownKey');
        return deps.password(proof.accessKeyId, proof.secret, now);
      case 'login':
        if (deps.logins === undefined) throw new StsError('InvalidToken');
        return deps.logins.read(proof.token, now);
      case 'readToken':
        if (deps.readToken === undefined) throw new StsError('InvalidToken');
        return deps.readToken(proof.lease, proof.token);
      case 'none': {
        const caller = requestContext && deps.platform?.caller(requestContext, now);
        if (caller === undefined) throw new StsError('Unauthenticated');
        return caller;
      }
    }
  };
