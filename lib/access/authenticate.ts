import type { Caller, Proof } from '../sts/caller.ts';
import { StsError } from '../sts/errors.ts';
import type { Secret } from '../sts/secret.ts';
import type { Logins } from './callers/login.ts';
import type { bySignature } from './callers/signature.ts';

/** The ways of proving who asks. */
export interface Ways {
  readonly signature: ReturnType<typeof bySignature>;
  readonly password: (accessKeyId: string, secret: Secret) => Caller;
  readonly jwt: (token: Secret, now: Date) => Promise<Caller>;
  readonly logins?: Logins;
}

export type Authenticate = (proof: Proof, now: Date) => Promise<Caller>;

/**
 * The one place that decides who asks. A request offers exactly one proof; one that fails is the end of it, and is
 * never taken for no proof at all.
 */
export const authenticator =
  (ways: Ways): Authenticate =>
  async (proof, now) => {
    switch (proof.kind) {
      case 'signature':
        return ways.signature(proof, now);
      case 'jwt':
        return ways.jwt(proof.token, now);
      case 'password':
        return ways.password(proof.accessKeyId, proof.secret);
      case 'login':
        if (ways.logins === undefined) throw new StsError('InvalidToken');
        return ways.logins.read(proof.token, now);
      case 'none':
        throw new StsError('Unauthenticated');
    }
  };
