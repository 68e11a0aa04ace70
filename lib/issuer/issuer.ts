import { StsError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { untilAborted } from '../core/until-aborted.ts';
import { type KmsCalls, openIssuerKey } from './open-key.ts';
import type { IssuerSettings } from './settings.ts';
import { signToken, type TokenClaims } from './sign-token.ts';
import type { SigningAlgorithm, TokenSigningKey } from './signing-key.ts';

/** What a token is given besides its claims. */
export interface TokenWish {
  readonly lifetimeSeconds: number;
  /** Absent: the algorithm of the key that signs now. */
  readonly algorithm?: SigningAlgorithm;
}

export interface IssuedToken {
  readonly token: Secret;
  /** Its `jti`. */
  readonly id: string;
  readonly expiration: Date;
}

/** Our own OIDC issuer. */
export interface Issuer {
  readonly url: string;
  /** A signed token, or an StsError. */
  issue(claims: TokenClaims, wish: TokenWish, signal: AbortSignal): Promise<IssuedToken>;
  /** All keys, in the order of the configuration. Rejects with an StsError if one cannot be opened. */
  keys(signal: AbortSignal): Promise<readonly TokenSigningKey[]>;
}

export interface IssuerDeps {
  readonly kms: KmsCalls;
  readonly now: () => Date;
  /** A text that no other token has. */
  readonly id: () => string;
}

/** All who wait share one opening of a key, so it does not end when the first of them gives up. */
const maxOpenMs = 4_000;

/**
 * The issuer of a configuration. Its keys are opened when they are first needed; a key that cannot be opened is tried
 * again at its next use.
 *
 * @example
 * const issuer = createIssuer(settings, { kms, now: () => new Date(), id: randomUUID });
 * const { token } = await issuer.issue({ sub: 'account:prod', aud: 'sts.amazonaws.com' }, { lifetimeSeconds: 300 }, signal);
 */
export const createIssuer = (settings: IssuerSettings, { kms, now, id }: IssuerDeps): Issuer => {
  const opened = settings.keys.map((): Promise<TokenSigningKey> | undefined => undefined);

  const keyAt = async (index: number, signal: AbortSignal): Promise<TokenSigningKey> => {
    const key = settings.keys[index];
    if (key === undefined) throw new StsError('Internal');
    const opening = opened[index] ?? openIssuerKey(key, kms, AbortSignal.timeout(maxOpenMs));
    opened[index] = opening;
    try {
      return await untilAborted(opening, { signal });
    } catch (thrown) {
      if (opened[index] === opening) opened[index] = undefined;
      throw thrown;
    }
  };

  const keyFor = async (algorithm: SigningAlgorithm | undefined, signal: AbortSignal): Promise<TokenSigningKey> => {
    for (const index of settings.keys.keys()) {
      const key = await keyAt(index, signal);
      if (algorithm === undefined || key.algorithm === algorithm) return key;
    }
    throw new StsError('InvalidParameter', `The issuer has no key for ${algorithm ?? 'any algorithm'}.`);
  };

  return {
    url: settings.url,
    keys: (signal) => Promise.all(settings.keys.map((_, index) => keyAt(index, signal))),
    issue: async (claims, { lifetimeSeconds, algorithm }, signal) => {
      const key = await keyFor(algorithm, signal);
      const issuedAt = now();
      const jti = id();
      const token = await signToken(
        claims,
        { issuer: settings.url, key, now: issuedAt, lifetimeSeconds, id: jti },
        signal,
      );
      const end = Math.floor(issuedAt.getTime() / 1000) + lifetimeSeconds;
      return { token, id: jti, expiration: new Date(end * 1000) };
    },
  };
};
