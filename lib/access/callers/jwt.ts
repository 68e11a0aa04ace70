import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import type { Caller } from '../../sts/caller.ts';
import { StsError } from '../../sts/errors.ts';
import type { Secret } from '../../sts/secret.ts';

/** An issuer that a caller's tokens may come from. */
export interface JwtRule {
  readonly caller: string;
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: JSONWebKeySet;
  /** The signature algorithms that this issuer uses; asymmetric ones only. */
  readonly algorithms: readonly string[];
}

const longestToken = 20_000;
const skewSeconds = 60;

/** Whoever shows a token of an issuer that the configuration trusts (RFC 7519; RFC 8725 for what is refused). */
export const byJwt = (rules: readonly JwtRule[]) => {
  const trusted = rules.map((rule) => ({ ...rule, keys: createLocalJWKSet(rule.jwks) }));
  return async (token: Secret, now: Date): Promise<Caller> => {
    const text = token.reveal();
    const issuer = text.length > longestToken ? undefined : issuerOf(text);
    const candidates = trusted.filter((rule) => rule.issuer === issuer);
    if (candidates.length === 0) throw new StsError('InvalidIdentityToken', 'No such issuer is trusted here.');
    let refusal: StsError | undefined;
    for (const rule of candidates) {
      try {
        const { payload } = await jwtVerify(text, rule.keys, {
          algorithms: [...rule.algorithms],
          issuer: rule.issuer,
          audience: rule.audience,
          clockTolerance: skewSeconds,
          currentDate: now,
          requiredClaims: ['exp', 'aud', 'sub'],
        });
        return { name: rule.caller, proof: 'jwt', claims: payload };
      } catch (thrown) {
        const found = refused(thrown);
        // That it has expired is said by the rule that it was meant for; the others say only that it was not for them.
        if (refusal?.code !== 'IdentityTokenExpired') refusal = found;
      }
    }
    throw refusal ?? new StsError('InvalidIdentityToken');
  };
};

const issuerOf = (text: string): string | undefined => {
  try {
    return decodeJwt(text).iss;
  } catch {
    return undefined;
  }
};

/** Why, in our words: a message of the library may quote a claim. */
const refused = (thrown: unknown): StsError => {
  if (thrown instanceof errors.JWTExpired) return new StsError('IdentityTokenExpired');
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    return new StsError(
      'InvalidIdentityToken',
      `The claim ${knownClaim(thrown.claim)} of the token is not acceptable.`,
    );
  }
  if (thrown instanceof errors.JOSEError) return new StsError('InvalidIdentityToken');
  return StsError.from(thrown);
};

const knownClaim = (claim: string): string =>
  ['aud', 'iss', 'nbf', 'exp', 'iat', 'sub'].includes(claim) ? claim : 'set';
